/**
 * `deno task inspect`
 *
 * @module
 */
import {
  ARTICLE_NETWORK,
  CELL_NAMES,
  cellOf,
  firstItems,
  gradientNorms,
  InputError,
  type Model,
  networkWeights,
  shapesOf,
} from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { loadModel, readExamples } from "../files/files.ts";
import { type Command, file, inGroups, toggle } from "../flags/flags.ts";
import { integer } from "../flags/number_flags.ts";
import { COLUMN_FLAGS, FORMAT_FLAGS, TABLE_FLAGS } from "../flags/run_flags.ts";
import {
  few,
  figure,
  LABEL,
  print,
  printable,
  printJson,
  table,
  TEXT,
} from "../output/terminal.ts";
import { readFiles, reportLeftOut } from "../run/examples.ts";
import { drawNetwork } from "../tasks/drawings.ts";
import { taskOf } from "../tasks/tasks.ts";

const flags = {
  "model": file("trained model", "model.safetensors"),
  "gradients": toggle("show how far gradients reach back in time; needs --data"),
  "data": file("labeled examples for --gradients", undefined),
  "beside": file("a second model to compare with", undefined),
  "sentences": integer("maximum number of examples", 200, 1),
  ...COLUMN_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object"),
};

/** `deno task inspect` */
export const inspectCommand: Command<typeof flags> = {
  name: "inspect",
  summary: "Draws a model's network, and shows its weights or how far gradients reach back.",
  flags,
  groups: inGroups(flags, {
    Model: ["model", "gradients", "data", "beside", "sentences", "json"],
    Backend: Object.keys(BACKEND_FLAGS),
  }, "Data"),
  examples: [
    "inspect --model model.safetensors",
    "inspect --gradients --data reviews.csv",
    "inspect --gradients --data reviews.csv --model rnn.safetensors --beside lstm.safetensors",
  ],
  async run(settings, _, given) {
    const model = await loadModel(settings.model);
    if (!settings.gradients) {
      for (const flag of given) {
        if (flag !== "model" && flag !== "json") {
          throw new InputError(`--${flag}: is for inspect --gradients`);
        }
      }
      if (settings.json) printJson(summaryOf(model));
      else print(describe(model).join("\n"));
      return 0;
    }
    const { untrained, name: task } = taskOf(model);
    if (untrained === undefined) {
      throw new InputError(
        `${settings.model}: is a model for ${task}, but --gradients is for text classification; ` +
          "leave it out to see the weights",
      );
    }
    if (settings.data === undefined) {
      throw new InputError("inspect --gradients needs labeled texts: give --data FILE");
    }
    const read = (path: string) => readExamples(path, settings);
    const { examples: all, leftOut } = await readFiles(read, [settings.data], false, model);
    reportLeftOut(leftOut);
    const examples = firstItems(all, settings.sentences);
    const backend = await createBackend(settings);
    const models: [name: string, model: Model][] = [[settings.model, model]];
    if (settings.beside !== undefined) {
      models.push([settings.beside, await loadModel(settings.beside)]);
    } else {
      // Untrained models of the same size, to compare the types of cell.
      for (const cell of COMPARED) models.push([`untrained ${cell}`, untrained(model, cell)]);
    }
    const columns: [string, number[]][] = [];
    for (const [name, each] of models) {
      columns.push([name, await gradientNorms(backend, each, examples)]);
    }
    if (settings.json) printJson({ gradients: Object.fromEntries(columns) });
    else print(describeGradients(columns, examples.length).join("\n"));
    return 0;
  },
};

/** The cell of the article, and the first cell that has a cell state, which forgets less. */
const COMPARED = [
  ARTICLE_NETWORK.cell,
  ...CELL_NAMES.filter((name) => cellOf(name).hasCellState).slice(0, 1),
];

interface WeightSummary {
  name: string;
  shape: readonly number[];
  parameters: number;
  least: number;
  mean: number;
  deviation: number;
  greatest: number;
}

function summaryOf(model: Model) {
  const { config } = model, networks = networkWeights(model);
  const shapes = Object.entries(shapesOf(model));
  const all = networks.flatMap((weights, k) =>
    shapes.map(([name, shape]) => ({
      name: networks.length > 1 ? `${k}.${name}` : name,
      shape,
      numbers: weights[name],
    }))
  );
  const rows = all.map(({ name, shape, numbers }): WeightSummary => {
    let least = Infinity, greatest = -Infinity, sum = 0, squares = 0;
    for (const value of numbers) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      sum += value;
      squares += value * value;
    }
    const mean = sum / numbers.length;
    const deviation = Math.sqrt(Math.max(0, squares / numbers.length - mean * mean));
    return { name, shape, parameters: numbers.length, least, mean, deviation, greatest };
  });
  const parameters = rows.reduce((total, row) => total + row.parameters, 0);
  return {
    config,
    parameters,
    weights: rows,
    ...(networks.length > 1 ? { networks: networks.length } : {}),
    ...taskOf(model).summary(model),
  };
}

/** Returns the part of the network that a weight belongs to; in an ensemble, with its number. */
function layerOf(name: string): string {
  const [, network, rest] = /^(\d+\.)?(.*)$/.exec(name)!;
  if (network !== undefined) return `network ${network.slice(0, -1)}, ${layerOf(rest)}`;
  if (name === "Why" || name === "by") return "head";
  if (/^(start|end)?transitions$/i.test(name)) return "CRF";
  if (name.startsWith("letters.")) return "letters";
  if (name === "Wc") return "attention";
  if (name === "We" || name === "be") return "segments"; // of a forecaster
  if (name === "positions" || name === "columns") return "horizon";
  const [, half, own] = /^(encoder\.|decoder\.|)(.*)$/.exec(name)!;
  const part = own === "embedding" || own === "projection"
    ? own
    : `layer ${Number(/_l(\d+)/.exec(own)?.[1] ?? 0) + 1}`;
  return half === "" ? part : `${half.slice(0, -1)}, ${part}`;
}

function describe(model: Model): string[] {
  const { config, parameters, weights, ...rest } = summaryOf(model);
  const layers = Map.groupBy(weights, ({ name }) => layerOf(name));
  const { tokenizer = {}, ...own } = rest as typeof rest & { tokenizer?: object };
  const { length } = model.labels;
  const labels = length > 0 ? { labels: length } : {};
  const facts = Object.entries({ ...config, ...tokenizer, ...own, ...labels })
    .map(([name, value]) => [
      printable(name, LABEL),
      Array.isArray(value) ? few(value.map(String)) : printable(String(value), TEXT),
    ]);
  const number = (value: number) => figure(value, 4);
  return [
    ...drawNetwork(model),
    "",
    ...table(facts, [0, 1]),
    "",
    ...table([
      ...[...layers].map(([layer, rows]) => [
        layer,
        String(rows.reduce((total, row) => total + row.parameters, 0)),
      ]),
      ["all parameters", String(parameters)],
    ], [0]),
    "",
    ...table([
      ["weight", "shape", "least", "mean", "deviation", "greatest"],
      ...weights.map(({ name, shape, least, mean, deviation, greatest }) => [
        name,
        shape.join(" x "),
        ...[least, mean, deviation, greatest].map(number),
      ]),
    ], [0]),
  ];
}

const BAR = 30; // characters of the longest bar
const MOST_STEPS = 60; // rows of the table

function describeGradients(columns: [string, number[]][], count: number): string[] {
  const steps = columns.reduce((most, [, norms]) => Math.max(most, norms.length), 0);
  const bar = (fraction: number) => "#".repeat(Math.round(Math.min(1, fraction) * BAR));
  const shown = Math.min(steps, MOST_STEPS);
  return [
    `Norm of the loss's gradient at each word's inputs, averaged over ${count} sentences, as a`,
    "fraction of the norm at the last word:",
    "",
    ...table([
      ["words back", ...columns.flatMap(([name]) => [printable(name, LABEL), ""])],
      ...Array.from({ length: shown }, (_, back) => [
        String(back),
        ...columns.flatMap(([, norms]) => {
          if (norms[back] === undefined) return ["", ""];
          const fraction = norms[0] > 0 ? norms[back] / norms[0] : 0;
          return [fraction.toPrecision(3), bar(fraction)];
        }),
      ]),
    ], [0, ...columns.map((_, i) => 2 * i + 2)]),
    ...(shown < steps ? [`The last ${shown} of ${steps} words; --json has all.`] : []),
  ];
}
