/**
 * The documents: their links lead to files, headings and functions that exist, and the source files
 * that they name exist.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { filesBelow, GUIDES, ROOT } from "./support/guides.ts";

const PACKAGES = Array.from(
  Deno.readDirSync(new URL("packages", ROOT)),
  ({ name }) => `packages/${name}/README.md`,
);
const DOCUMENTS = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md"],
  ...PACKAGES,
  ...GUIDES,
];

/** The relative links of a document: what each says, and where it leads. */
function linksOf(text: string): { label: string; target: string }[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, "");
  return Array.from(
    prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g),
    ([, label, target]) => ({ label, target }),
  ).filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** The anchors of a document's headings, as GitHub and JSR make them. */
function anchorsOf(text: string): string[] {
  return Array.from(
    text.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm),
    ([, heading]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"),
  );
}

/** The source files that a document names outside of links, without those of a pattern. */
function sourcesOf(text: string): string[] {
  const names = text.matchAll(/(?<!\[)`([\w./-]+\.ts)`/g);
  return Array.from(names, ([, name]) => name).filter((name) => !/NAME|\.d\.ts$/.test(name));
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
    if (!found) broken.push(`${target} does not exist`);
    const anchor = decodeURIComponent(place.hash.slice(1));
    if (found?.isFile && anchor !== "" && place.pathname.endsWith(".md")) {
      const anchors = anchorsOf(await Deno.readTextFile(place));
      if (!anchors.includes(anchor)) broken.push(`${target} has no such heading`);
    }
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

Deno.test("the source files that the documents name exist", async () => {
  const files = await Array.fromAsync(filesBelow(""), (path) => `/${path}`);
  for (const document of DOCUMENTS) {
    const named = sourcesOf(await Deno.readTextFile(new URL(document, ROOT)));
    const missing = named.filter((name) => !files.some((file) => file.endsWith(`/${name}`)));
    assertEquals(missing, [], document);
  }
});

Deno.test("anchorsOf() and sourcesOf() find headings and files", () => {
  const text =
    "# A `b()`, c\n## D: e-f\n```sh\n# no\n```\n`g/h.ts` [`i.ts`](j.ts) `k/NAME.ts` `l.d.ts`\n";
  assertEquals(anchorsOf(text), ["a-b-c", "d-e-f"]);
  assertEquals(sourcesOf(text), ["g/h.ts"]);
});

Deno.test("linksOf() finds relative links outside of code", () => {
  const text = "[`a()`](b.ts) and ![x](c.png), [site](https://d.example), [up](#up)\n" +
    "```ts\n[e](f.ts)\n```\n";
  assertEquals(linksOf(text), [
    { label: "`a()`", target: "b.ts" },
    { label: "x", target: "c.png" },
    { label: "up", target: "#up" },
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
