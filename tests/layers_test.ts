/**
 * The layout of the packages: which room may import which, no circles, and no task or cell known by
 * name outside the tables.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CELL_NAMES } from "@unroll/core";

const ROOT = new URL("../", import.meta.url);

/** The rooms of core from the ground up: a file imports from its own room or from one before it. */
const CORE = [
  ["errors.ts", "random.ts", "printable.ts", "sequence.ts"],
  ["tensor.ts", "norm_ops.ts", "fused_ops.ts", "backend.ts", "checks.ts"],
  ["ops/"],
  ["text/"],
  ["data/"],
  ["baseline/"],
  ["series/"],
  ["network/cells/"],
  ["network/"],
  ["model.ts", "model_options.ts"],
  ["training/"],
  ["reasons.ts", "task.ts"],
  ["transfer/"],
  ["classification/"],
  [
    "tagging/",
    "language_model/",
    "translation/",
    "regression/",
    "multi_label/",
    "forecast/",
    "series_classification/",
    "series_regression/",
  ],
  [
    "tasks.ts",
    "number_tasks.ts",
    "create_model.ts",
    "recommend.ts",
    "recommend_reading.ts",
    "recommend_series.ts",
    "recommend_tagger.ts",
    "recommend_vectors.ts",
    "plan_forecast.ts",
  ],
  ["files/"],
  ["inspection/"],
  [
    ...["train.ts", "stream.ts", "predictor.ts", "train_ensemble.ts"],
    ...["calibrate.ts", "calibrate_labels.ts", "calibrate_label_sets.ts", "calibrate_tags.ts"],
  ],
  ["why/"],
  ["export/"],
  ["import/"],
  ["conformance/"],
  ["network.ts", "device.ts", "export.ts", "inspect.ts", "texts.ts", "mod.ts"],
  ["import.ts"],
];

/** Files of the packages, with the files that each imports, types included. */
async function readImports(root: URL): Promise<Map<string, string[]>> {
  const graph = new Map<string, string[]>();
  const visit = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      const path = folder + name;
      if (isDirectory) await visit(`${path}/`);
      else if (name.endsWith(".ts")) {
        graph.set(path, importsOf(await Deno.readTextFile(new URL(path, root)), path));
      }
    }
  };
  await visit("packages/");
  return graph;
}

/** A source without its comments. */
function codeOf(source: string): string {
  return source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
}

/** The relative imports of a source, as paths from the root. */
function importsOf(source: string, path: string): string[] {
  const code = codeOf(source);
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g);
  const base = new URL(path, "file:///");
  return Array.from(found, ([, specifier]) => new URL(specifier, base).pathname.slice(1));
}

/** The groups of files that import each other in a circle (Tarjan 1972). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>(), low = new Map<string, number>();
  const stack: string[] = [], open = new Set<string>(), found: string[][] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    open.add(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(file, Math.min(low.get(file)!, low.get(next)!));
      } else if (open.has(next)) low.set(file, Math.min(low.get(file)!, index.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    for (const member of group) open.delete(member);
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

/** The floor of a file of core; -1 for one that has no room yet. */
function floorOf(file: string): number {
  const inCore = file.slice("packages/core/".length);
  return CORE.findIndex((rooms) =>
    rooms.some((room) => room.endsWith("/") ? inCore.startsWith(room) : inCore === room)
  );
}

Deno.test("circles() finds a circle if there is one", () => {
  const round = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["a"]], ["d", ["a"]]]);
  assertEquals(circles(round), [["a", "b", "c"]]);
  assertEquals(circles(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]])), []);
});

Deno.test("importsOf() reads imports, exports and types, but no comments", () => {
  const source = `import { a } from "./a.ts";
export * from "../b.ts";
export type { D } from "./c/d.ts";
/** import { x } from "./x.ts"; */
// import { y } from "./y.ts";
const lazy = await import("./e.ts");
import { z } from "@std/assert";`;
  assertEquals(importsOf(source, "packages/core/ops/file.ts"), [
    "packages/core/ops/a.ts",
    "packages/core/b.ts",
    "packages/core/ops/c/d.ts",
    "packages/core/ops/e.ts",
  ]);
});

Deno.test("no files of the packages import each other in a circle", async () => {
  assertEquals(circles(await readImports(ROOT)), []);
});

Deno.test("imports in core only run from upper folders to lower ones", async () => {
  const wrong: string[] = [];
  for (const [file, imports] of await readImports(ROOT)) {
    if (!file.startsWith("packages/core/")) continue;
    if (floorOf(file) < 0) wrong.push(`${file} has no room`);
    for (const target of imports) {
      if (floorOf(target) > floorOf(file)) wrong.push(`${file} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
});

/** Comparisons with names that only tables should know, outside the files that may have them. */
async function comparisons(names: readonly string[], allowed: RegExp): Promise<string[]> {
  const name = names.map((each) => RegExp.escape(each)).join("|");
  const pattern = new RegExp(`(?:[!=]==?\\s*|\\bcase\\s+)"(?:${name})"|"(?:${name})"\\s*[!=]==?`);
  const found: string[] = [];
  for (const file of (await readImports(ROOT)).keys()) {
    if (allowed.test(file)) continue;
    const lines = (await Deno.readTextFile(new URL(file, ROOT))).split("\n");
    for (const [i, line] of lines.entries()) {
      if (!/^\s*(\/\/|\*|\/\*)/.test(line) && pattern.test(line)) found.push(`${file}:${i + 1}`);
    }
  }
  return found;
}

Deno.test("a task's name is compared only in the tables of tasks", async () => {
  const names = [
    "classification",
    "tagging",
    "language-model",
    "generate-from-label",
    "translate",
    "series-classification",
    "regression",
    "series-regression",
    "multi-label",
  ];
  const tables = /^packages\/(core\/tasks\.ts|(cli|web)\/tasks\/)/;
  assertEquals(await comparisons(names, tables), []);
});

Deno.test("a cell's name is compared nowhere", async () => {
  assertEquals(await comparisons(CELL_NAMES, /^$/), []);
});

Deno.test("no file of core or of the page has 300 lines or more", async () => {
  const long: string[] = [];
  for (const file of (await readImports(ROOT)).keys()) {
    if (!/^packages\/(core|web)\//.test(file)) continue;
    const lines = (await Deno.readTextFile(new URL(file, ROOT))).split("\n").length - 1;
    if (lines >= 300) long.push(`${file}: ${lines}`);
  }
  assertEquals(long, []);
  assert(floorOf("packages/core/mod.ts") > floorOf("packages/core/ops/adam.ts"));
});
