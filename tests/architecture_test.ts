import { assertEquals, assertMatch } from "@std/assert";
import { violations } from "#tests/architecture.ts";
import { inFolder } from "#tests/cli/helpers.ts";
import { filesBelow } from "#tests/support/guides.ts";

const root = new URL("../", import.meta.url).pathname;

/** All sources below a folder of the repository, by their paths in it. */
async function sourcesIn(folder: string): Promise<string[]> {
  const paths = await Array.fromAsync(filesBelow(`${folder}/`));
  return paths.filter((path) => path.endsWith(".ts")).sort();
}

Deno.test("no package imports anything that is not its own or declared for it", async () => {
  const paths = await sourcesIn("packages");
  const read = async (path: string) =>
    violations(path, await Deno.readTextFile(root + path)).map((message) => `${path}: ${message}`);
  assertEquals((await Promise.all(paths.map(read))).flat(), []);
});

const planted: [source: string, problem: RegExp, path?: string][] = [
  ['import a from "npm:a@1";', /imports "npm:a@1"/],
  ['import a from\n  "https://a.example/a.ts";', /imports "https:/],
  ["import { a } from 'node:fs';", /imports "node:fs"/],
  ['import "jsr:@std/fs";', /imports "jsr:@std\/fs"/],
  ['import type { A } from "npm:a";', /imports "npm:a"/],
  ['export * from "npm:a";', /imports "npm:a"/],
  ['export { a } from "npm:a";', /imports "npm:a"/],
  ['const a = await import("npm:a");', /imports "npm:a"/],
  ["const a = await import(`npm:a`);", /an import that is computed/],
  ['const b = "npm:a"; const a = await import(b);', /an import that is computed/],
  ['import a = require("a");', /imports with require/],
  ['const a = require("a");', /imports with require/],
  ['type A = import("npm:a").A;', /imports "npm:a"/],
  ['import a from "@std/assert";', /imports "@std\/assert"/, "packages/cli/a.ts"],
  ['import a from "@unroll/cli";', /imports "@unroll\/cli"/],
  ['import a from "../cli/files.ts";', /imports "..\/cli\/files.ts"/],
  ['import a from "../core/random.ts";', /imports "..\/core/, "packages/backend-cpu/a.ts"],
  ['import { a } from "@unroll/core";', /imports "@unroll\/core"/, "packages/web/a.ts"],
  ['import { a } from "./numbers/a.ts";', /imports ".\/numbers\/a.ts"/, "packages/web/main.ts"],
  ["export const a = globalThis;", /uses globalThis/],
  ['export const a = eval("Deno");', /uses eval/],
  ['export const a = new Function("return Deno");', /uses Function/],
  ["declare const Deno: { args: string[] };", /declares/],
  ["declare global { const Deno: string; }", /declares/],
  ["// @ts-ignore: it is there\nDeno.exit();", /@ts-ignore/],
  ['/// <reference lib="dom" />', /<reference/],
];

for (const [source, problem, path = "packages/core/a.ts"] of planted) {
  Deno.test(`the rule of imports catches ${source.replaceAll("\n", " ")}`, () => {
    assertMatch(violations(path, source).join("\n"), problem);
  });
}

Deno.test("the rule of imports ignores texts and comments", () => {
  const source = `// import a from "npm:a";\nexport const a = 'import b from "npm:b"'; /* Deno */`;
  assertEquals(violations("packages/core/a.ts", source), []);
});

/** All that core knows of a platform: what turns text into bytes, and bytes into text. */
const KNOWN = `
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}`;

const PLATFORM = [
  "Deno.args",
  "navigator.hardwareConcurrency",
  "performance.now()",
  "globalThis.performance",
  'globalThis["performance"]',
  "window.length",
  "document.title",
  "process.env",
  "console.log(1)",
  'fetch("a")',
  "setTimeout(() => {}, 1)",
  'new URL("a:b")',
  'new Worker("a")',
  "crypto.randomUUID()",
  "new Blob([])",
  "localStorage.length",
  "structuredClone(1)",
];

Deno.test("core type-checks where there is no platform, and no use of one does", async () => {
  await inFolder(async (folder) => {
    const compilerOptions = { lib: ["esnext"], types: ["./known.d.ts"] };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ compilerOptions }));
    await Deno.writeTextFile(`${folder}/known.d.ts`, KNOWN);
    const files = await sourcesIn("packages/core");
    for (const path of files) {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
      await Deno.copyFile(root + path, `${folder}/${path}`);
    }
    const uses = PLATFORM.map((use, i) => [`use${i}.ts`, use]);
    for (const [name, use] of uses) {
      await Deno.writeTextFile(`${folder}/${name}`, `export const a: unknown = ${use};\n`);
    }
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--no-lock", ...files, ...uses.map(([name]) => name)],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const report = new TextDecoder().decode(stderr);
    const refused = report.matchAll(/at file:\/\/\S*?\/((?:packages\/\S+|use\d+)\.ts):\d+/g);
    const names = new Set(Array.from(refused, ([, name]) => name));
    assertEquals([...names].sort(), uses.map(([name]) => name).sort(), report);
  });
});
