/**
 * The documents for readers of the code: their links lead to files, and to functions that are there.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { GUIDES, ROOT } from "./support/guides.ts";

const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...GUIDES];

/** The relative links of a document: what each says, and where it leads. */
function linksOf(text: string): { label: string; target: string }[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, "");
  return Array.from(
    prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g),
    ([, label, target]) => ({ label, target }),
  ).filter(({ target }) => !/^([a-z]+:|#)/.test(target));
}

/** Whether a source declares a function, or a class or interface, of a name. */
function declares(source: string, name: string, isFunction: boolean): boolean {
  const kinds = isFunction ? "(?:async )?function\\*?" : "(?:class|interface|type|const)";
  return new RegExp(`^(?:export )?(?:async )?${kinds} ${name}\\b`, "m").test(source);
}

/** What is wrong with the links of a document. */
async function brokenLinks(document: string): Promise<string[]> {
  const broken: string[] = [];
  for (const { label, target } of linksOf(await Deno.readTextFile(new URL(document, ROOT)))) {
    const place = new URL(target, new URL(document, ROOT));
    const found = await Deno.stat(place).catch(() => undefined);
    if (!found) broken.push(`${target} is not there`);
    const [, name, parentheses] = /^`([A-Za-z]\w*)(\(\))?`$/.exec(label) ?? [];
    if (!found?.isFile || name === undefined) continue;
    if (!declares(await Deno.readTextFile(place), name, parentheses !== undefined)) {
      broken.push(`${target} declares no ${label}`);
    }
  }
  return broken;
}

for (const document of DOCUMENTS) {
  Deno.test(`the links of ${document} lead to files and functions that are there`, async () => {
    assertEquals(await brokenLinks(document), []);
  });
}

Deno.test("linksOf() finds relative links, outside of code alone", () => {
  const text = "[`a()`](b.ts) and ![x](c.png), [site](https://d.example), [up](#up)\n" +
    "```ts\n[e](f.ts)\n```\n";
  assertEquals(linksOf(text), [
    { label: "`a()`", target: "b.ts" },
    { label: "x", target: "c.png" },
  ]);
});

Deno.test("declares() finds functions, generators, classes and interfaces by their kind", () => {
  const source = "export async function* a() {}\nfunction b<T>() {}\nexport interface C {}\n";
  assertEquals(["a", "b", "C", "d"].map((name) => declares(source, name, true)), [
    true,
    true,
    false,
    false,
  ]);
  assertEquals(declares(source, "C", false), true);
});
