/**
 * The type declarations of exported modules.
 *
 * @module
 */
import type { SeriesModel } from "../../model.ts";
import type { Model, TaskName } from "../../tasks.ts";

const READ = `  /** The number of words, or letters, in the text. */
  words: number;
  /** The words that are not in the vocabulary. */
  unknownWords: string[];
`;

const SERIES = `/** A series: numbers over time, one row for each time step. */
export interface Series {
  /** The name of the series. */
  name?: string;
  /** The names of the columns. */
  columns: string[];
  /** The numbers of each column, all equally long. */
  values: ArrayLike<number>[];
  /** The time of each row in milliseconds since 1970 (UTC). */
  time?: ArrayLike<number>;
}

`;

const prediction = (fields: string) =>
  `/** A prediction of the model. */
export interface Prediction {
${fields}}

`;

const PROBABILITIES = `  /** The probability of each label. */
  probabilities: Record<string, number>;
`;

const PREDICT_TEXT = `/** Returns the prediction for a text. */
export function predict(text: string): Prediction;
`;
const PREDICT_SERIES = `/** Returns the prediction for a series. */
export function predict(series: Series): Prediction;
`;
const LABEL = `  /** The most probable label. */
  label: string;
${PROBABILITIES}`;
const ROWS = `  /** The name of the series. */
  name?: string;
  /** The number of rows in the series. */
  rows: number;
`;
const NUMBER = `  /** The predicted number. */
  value: number;
`;

const TYPES: Record<TaskName, string> = {
  classification: prediction(
    `${LABEL}${READ}  /** Whether the label's probability is below the trust threshold, if the model has one. */
  isUnsure?: boolean;
`,
  ) + PREDICT_TEXT,
  tagging: `/** A word and its label. */
export interface Tag {
  /** The word. */
  word: string;
  /** The most probable label. */
  label: string;
  /** The probability of the label. */
  probability: number;
  /** Whether the word is in the vocabulary. */
  known: boolean;
}

/** Returns the label of each word of a text. */
export function predict(text: string): Tag[];
`,
  "multi-label": prediction(`  /** The predicted labels, the most probable first. */
  labels: string[];
${PROBABILITIES}${READ}`) + PREDICT_TEXT,
  regression: prediction(NUMBER + READ) + PREDICT_TEXT,
  "series-classification": SERIES + prediction(LABEL + ROWS) + PREDICT_SERIES,
  "series-regression": SERIES + prediction(NUMBER + ROWS) + PREDICT_SERIES,
  forecast: SERIES + prediction(`  /** The name of the series. */
  name?: string;
  /** The time of each forecast row, in milliseconds since 1970 (UTC). */
  time?: Float64Array;
  /** The names of the forecast columns. */
  targets: string[];
  /** The forecast of each row, for each target. */
  values: Float64Array[];
  /** The value of each quantile in each row, for each target. */
  quantiles: { probability: number; values: Float64Array[] }[];
`) + `/** Forecasts the rows after the end of a series. */
export function predict(series: Series, options?: {
  /** The number of rows to forecast. Default: the model's horizon. */
  horizon?: number;
}): Prediction;
`,
  "language-model": `/** Options of \`generate\`. */
export interface GenerateOptions {
  /** The text to continue. Default: empty. */
  prompt?: string;
  /** The label to generate for, if the model was trained with labels. */
  label?: string;
  /** The maximum number of tokens to generate. Default: 500. */
  length?: number;
  /** The sampling temperature; 0 is greedy. Default: 1. */
  temperature?: number;
  /** Top-k sampling: the number of tokens to choose from. Default: all. */
  topK?: number;
  /** Nucleus sampling: the probability mass to choose from. Default: 1. */
  topP?: number;
  /** The random seed: the same seed generates the same text. Default: 1. */
  seed?: number;
}

/** Generates a continuation of a prompt, one token at a time. */
export function generate(options?: GenerateOptions): Generator<string, void, void>;
`,
  translate: prediction(`  /** The translation. */
  target: string;
  /** The probability of the translation. */
  probability: number;
  /** Whether the translation ended before the maximum length. */
  ended: boolean;
  /** The tokens of the text that are not in the vocabulary. */
  unknown: string[];
  /** The attention weights: \`weights[i][j]\` of target token i for source token j. */
  attention?: { source: string[]; target: string[]; weights: number[][] };
`) + `/** Translates a text. */
export function predict(text: string, options?: {
  /** The beam width. Default: 1, greedy decoding. */
  beam?: number;
  /** The maximum number of tokens in a translation. Default: 200. */
  maxLength?: number;
}): Prediction;
`,
};

/** An example call of a module's function. */
export interface JsExample {
  /** The name of the function. */
  name: string;
  /** The call, as JavaScript. */
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
 * Returns the function that a model's module exports, with an example call.
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
 * Loads the weights; await it before the first prediction.
 *
 * @param source The weights' bytes, a response, or a URL. Default: the file next to the module.
 */
export function load(
  source?: ArrayBuffer | Uint8Array | Response | URL | string,
): Promise<void>;
`;

/** Returns the type declarations of a model's module; with separate weights, including `load`. */
export function typesOf({ task }: Pick<Model, "task">, isBeside: boolean): string {
  return TYPES[task] + (isBeside ? LOAD : "");
}
