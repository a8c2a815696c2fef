/**
 * The types beside an exported module.
 *
 * @module
 */
import type { SeriesModel } from "../../model.ts";
import type { Model, TaskName } from "../../tasks.ts";

const READ = `  /** How many words, or letters, the text has. */
  words: number;
  /** Those that the model does not know. */
  unknownWords: string[];
`;

const SERIES = `/** Numbers over time: a row for each step. */
export interface Series {
  /** What it is called. */
  name?: string;
  /** The names of its columns. */
  columns: string[];
  /** The numbers of each column, equally many. */
  values: ArrayLike<number>[];
  /** The time of each row in milliseconds since 1970 (UTC). */
  time?: ArrayLike<number>;
}

`;

const prediction = (fields: string) =>
  `/** What the model predicts. */
export interface Prediction {
${fields}}

`;

const PROBABILITIES = `  /** The probability of each label. */
  probabilities: Record<string, number>;
`;

const PREDICT_TEXT = `/** The prediction for a text. */
export function predict(text: string): Prediction;
`;
const PREDICT_SERIES = `/** The prediction for a series. */
export function predict(series: Series): Prediction;
`;
const LABEL = `  /** The most probable label. */
  label: string;
${PROBABILITIES}`;
const ROWS = `  /** The name of the series. */
  name?: string;
  /** How many rows the series has. */
  rows: number;
`;
const NUMBER = `  /** The number. */
  value: number;
`;

const TYPES: Record<TaskName, string> = {
  classification: prediction(
    `${LABEL}${READ}  /** Whether its probability is below the level of trust, for a model that has one. */
  isUnsure?: boolean;
`,
  ) + PREDICT_TEXT,
  tagging: `/** A word and its label. */
export interface Tag {
  /** The word. */
  word: string;
  /** Its label. */
  label: string;
  /** The probability of the label. */
  probability: number;
  /** Whether the model knows the word. */
  known: boolean;
}

/** The label of each word of a text. */
export function predict(text: string): Tag[];
`,
  "multi-label": prediction(`  /** The labels, the most probable first. */
  labels: string[];
${PROBABILITIES}${READ}`) + PREDICT_TEXT,
  regression: prediction(NUMBER + READ) + PREDICT_TEXT,
  "series-classification": SERIES + prediction(LABEL + ROWS) + PREDICT_SERIES,
  "series-regression": SERIES + prediction(NUMBER + ROWS) + PREDICT_SERIES,
  forecast: SERIES + prediction(`  /** The name of the series. */
  name?: string;
  /** The time of each row that is forecast, in milliseconds since 1970 (UTC). */
  time?: Float64Array;
  /** The columns that are forecast. */
  targets: string[];
  /** For each target the forecast of each row. */
  values: Float64Array[];
  /** For each quantile, and each target, its value in each row. */
  quantiles: { probability: number; values: Float64Array[] }[];
`) + `/** The forecasts of the rows after a series. */
export function predict(series: Series, options?: {
  /** How many rows to forecast. Default: the model's horizon. */
  horizon?: number;
}): Prediction;
`,
  "language-model": `/** Settings of \`generate\`. */
export interface GenerateOptions {
  /** What the text begins with. Default: nothing. */
  prompt?: string;
  /** What label it is written for, by a model that writes for labels. */
  label?: string;
  /** How many symbols to make at most. Default: 500. */
  length?: number;
  /** The sampling temperature; 0 is greedy. Default: 1. */
  temperature?: number;
  /** Top-k sampling. Default: all symbols. */
  topK?: number;
  /** Nucleus sampling. Default: 1. */
  topP?: number;
  /** The seed: the same one gives the same text. Default: 1. */
  seed?: number;
}

/** A continuation of a prompt, piece by piece. */
export function generate(options?: GenerateOptions): Generator<string, void, void>;
`,
  translate: prediction(`  /** The translation. */
  target: string;
  /** Its probability. */
  probability: number;
  /** Whether it came to its end, and was not cut. */
  ended: boolean;
  /** The symbols of the text that the model does not know. */
  unknown: string[];
  /** The attention weights: \`weights[i][j]\` for symbol i of the target, at symbol j of the text. */
  attention?: { source: string[]; target: string[]; weights: number[][] };
`) + `/** The translation of a text. */
export function predict(text: string, options?: {
  /** The beam width. Default: 1, greedy decoding. */
  beam?: number;
  /** The maximum number of symbols of a translation. Default: 200. */
  maxLength?: number;
}): Prediction;
`,
};

/** A call of a module's function. */
export interface JsExample {
  /** The function. */
  name: string;
  /** The call. */
  call: string;
}

const predictText = (): JsExample => ({ name: "predict", call: 'predict("a text")' });

function predictSeries({ columns }: SeriesModel): JsExample {
  const values = columns.map(() => "[1, 2, …]").join(", ");
  const names = columns.map((name) => JSON.stringify(name)).join(", ");
  return { name: "predict", call: `predict({ columns: [${names}], values: [${values}] })` };
}

const EXAMPLES: { [N in TaskName]: (model: Extract<Model, { task: N }>) => JsExample } = {
  classification: predictText,
  tagging: predictText,
  "multi-label": predictText,
  regression: predictText,
  translate: predictText,
  "series-classification": predictSeries,
  "series-regression": predictSeries,
  forecast: predictSeries,
  "language-model": () => ({
    name: "generate",
    call: "for (const piece of generate({ length: 100 })) console.log(piece);",
  }),
};

/**
 * The function that a model's module exports, and a call of it.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { jsExample } from "@unroll/core/export";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * assertEquals(jsExample(model).call, 'predict("a text")');
 * ```
 */
export function jsExample(model: Model): JsExample {
  return (EXAMPLES[model.task] as (model: Model) => JsExample)(model);
}

const LOAD = `
/**
 * Loads the weights, which has to be awaited before the first prediction.
 *
 * @param source Their bytes, a response with them, or where they are. Default: beside the module.
 */
export function load(
  source?: ArrayBuffer | Uint8Array | Response | URL | string,
): Promise<void>;
`;

/** The types of a model's module. */
export function typesOf({ task }: Pick<Model, "task">, isBeside: boolean): string {
  return TYPES[task] + (isBeside ? LOAD : "");
}
