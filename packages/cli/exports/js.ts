/**
 * `deno task export --to js`
 *
 * @module
 */
import { type AnyModel, evaluate, InputError, type Model } from "@unroll/core";
import { exportJs, jsExample, roundedToInt8 } from "@unroll/core/export";
import { createBackend } from "../backends.ts";
import type { ExportSettings } from "../commands/export_flags.ts";
import { filesIn } from "../files/files.ts";
import { splitPath } from "../files/paths.ts";
import { COLUMN_FLAGS, FORMAT_FLAGS, PAIR_FLAGS, TABLE_FLAGS } from "../flags/run_flags.ts";
import { percent, printable } from "../output/terminal.ts";
import { reportLeftOut } from "../run/examples.ts";
import { openFiles } from "../tasks/opening.ts";
import { taskOf } from "../tasks/tasks.ts";
import type { ExportTarget } from "./target.ts";
import { writeFiles } from "./write_files.ts";

const READING = Object.keys({ ...COLUMN_FLAGS, ...PAIR_FLAGS, ...FORMAT_FLAGS, ...TABLE_FLAGS });

const MODULE = ".mjs";

/** Models as one JavaScript module. */
export const js: ExportTarget = {
  title: "one JavaScript module for web pages, Node.js, Bun and the edge",
  out: "model.js",
  flags: ["int8", "weights", "data", ...READING as (keyof ExportSettings)[]],
  async write(model, out, settings) {
    const { int8, data } = settings;
    if (data !== undefined && !int8) {
      throw new InputError("--data: measures the effect of --int8; give both, or neither");
    }
    const ending = out.endsWith(MODULE) ? MODULE : ".js";
    const { name } = splitPath(out.endsWith(ending) ? out.slice(0, -ending.length) : out);
    const weights = settings.weights === "beside" ? `${name}.bin` : undefined;
    const types = ending === MODULE ? ".d.mts" : ".d.ts"; // as TypeScript expects
    const files = exportJs(model, { int8, weights, types: name + types });
    const cost = int8 ? await costOf(model, settings) : [];
    const endings: Record<string, string> = { ".js": ending, ".d.ts": types };
    const named = files.map((file) => ({ ...file, suffix: endings[file.suffix] ?? file.suffix }));
    const paths = await writeFiles(out, ending, named);
    const sizes = files.map(({ content }) => `${Math.ceil(content.length / 1024)} KiB`);
    const example = jsExample(model), imported = JSON.stringify(`./${name}${ending}`);
    const functions = weights ? `load, ${example.name}` : example.name;
    const ready = weights ? " await load();" : "";
    return [
      ...paths.map((path, i) => `Wrote ${printable(path)}, ${sizes[i]}.`),
      ...cost,
      `Use it: import { ${functions} } from ${printable(imported)};${ready} ${example.call}`,
    ];
  },
};

/** The metrics to compare after rounding, and whether they are fractions. */
const FIGURES: Record<string, { title: string; isFraction: boolean }> = {
  accuracy: { title: "accuracy", isFraction: true },
  exact: { title: "exact match", isFraction: true },
  macroF1: { title: "macro F1", isFraction: true },
  mae: { title: "mean absolute error", isFraction: false },
  loss: { title: "loss", isFraction: false },
};

/** Describes in lines how weights in 8 bits change the metrics. */
async function costOf(model: Model, settings: ExportSettings): Promise<string[]> {
  const { data, ...reading } = settings;
  if (data === undefined) {
    return ["Weights are rounded to 8 bits. To measure the effect, give --data FILE."];
  }
  const task = taskOf(model);
  const files = await filesIn([data], task);
  const opened = await openFiles(task, files, { ...reading, strict: false }, model);
  reportLeftOut(opened.leftOut);
  const backend = await createBackend({ backend: "cpu", dtype: "float32" });
  const measure = async (model: Model) =>
    Object(await evaluate<AnyModel>(backend, model, opened.examples as never));
  try {
    const before = await measure(model), after = await measure(roundedToInt8(model));
    const figures = Object.entries(FIGURES).filter(([name]) => typeof before[name] === "number");
    return figures.map(([name, { title, isFraction }]) => {
      const shown = (value: number) => isFraction ? percent(value) : value.toFixed(4);
      return `In 8 bits, ${title} is ${shown(after[name])}; as trained, ${shown(before[name])}.`;
    });
  } finally {
    backend.dispose();
  }
}
