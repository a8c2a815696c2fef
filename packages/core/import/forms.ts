/**
 * The table of tasks that weights can be imported for: what each task's network predicts, and the
 * metadata in its model file.
 *
 * @module
 */
import type { Head } from "../network/config.ts";
import type { NumberLossName } from "../network/losses/losses.ts";
import type { TaskName } from "../tasks.ts";
import { DEFAULT_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import type { SymbolUnit } from "../text/symbols.ts";

/** The settings in a model file besides the network, the vocabulary and the labels. */
export interface OwnSettings {
  /** How texts are split into words. */
  tokenizer: TokenizerOptions;
  /** The unit of a language or translation model's tokens. */
  unit: SymbolUnit;
  /** Whether the decoder has attention over the source. */
  attends: boolean;
  /** The separator of a text's labels. */
  separator: string;
  /** The lowest probability with which a text gets a label. */
  threshold: number;
  /** The regression loss. */
  loss: NumberLossName;
  /** The scale of a regressor's output: the prediction is mean + deviation * output. */
  scale: { mean: number; deviation: number };
  /** The names of a series' columns. */
  columns: readonly string[];
  /** The scale of each column: the network reads (value - mean) / deviation. */
  columnScale: { means: readonly number[]; deviations: readonly number[] };
}

/** An import option that applies to some tasks only. */
export type OwnOption =
  | "vocabulary"
  | "targetVocabulary"
  | "labels"
  | "tokenizer"
  | "unit"
  | "unknown"
  | "start"
  | "end"
  | "separator"
  | "threshold"
  | "scale"
  | "loss"
  | "columns"
  | "columnScale";

const WORDS = ["vocabulary", "unknown", "tokenizer"] as const;
const SYMBOLS = ["vocabulary", "unknown", "unit", "start", "end"] as const;

/** How weights become a model of a task. */
export interface ImportForm {
  /** The task-specific options that it accepts. */
  readonly takes: readonly OwnOption[];
  /** The possible poolings of the states, the default first. */
  readonly heads: readonly Head[];
  /** What the model predicts: named labels, a number, or the next token. */
  readonly predicts: "labels" | "number" | "symbols";
  /** What the model reads: the columns of series. Default: texts. */
  readonly reads?: "columns";
  /** Whether one output, the log-odds of the second label, may stand for two. Default: no. */
  readonly mayBeBinary?: true;
  /** Whether the network has a decoder besides the encoder. Default: no. */
  readonly hasDecoder?: true;
  /** Whether the network must read forward only. Default: no. */
  readonly readsForward?: true;
  /** Where texts are split into words, unless the vocabulary or an option determines it. */
  readonly split?: TokenizerOptions["split"];
  /** Returns the task-specific metadata of the model file. */
  metadata(settings: OwnSettings): Record<string, string>;
}

/** The reason why weights cannot be imported for a task. */
interface Refused {
  readonly refused: string;
}

const ONE_PER_TEXT = ["last", "mean", "max", "mean-max"] as const;

/** Returns a series model's metadata. Imported models ignore differences: their weights are 0. */
function seriesMetadata({ columns, columnScale }: OwnSettings): Record<string, string> {
  const means = [...columnScale.means, ...columns.map(() => 0)];
  const deviations = [...columnScale.deviations, ...columns.map(() => 1)];
  return {
    columns: JSON.stringify(columns),
    scaling: JSON.stringify({ means, deviations }),
    segment: "1",
    noise: "0",
    stretch: "0",
  };
}

/** Returns a regressor's metadata. */
function numberMetadata({ loss, scale }: OwnSettings): Record<string, string> {
  return { loss, scale: JSON.stringify({ ...scale, median: scale.mean }) };
}

/** How each task is imported, or why it is not. */
export const FORMS: Readonly<Record<TaskName, ImportForm | Refused>> = {
  "classification": {
    takes: [...WORDS, "labels"],
    heads: ONE_PER_TEXT,
    predicts: "labels",
    mayBeBinary: true,
    metadata: ({ tokenizer }) => ({ tokenizer: JSON.stringify(tokenizer) }),
  },
  "tagging": {
    takes: [...WORDS, "labels"],
    heads: ["token"],
    predicts: "labels",
    mayBeBinary: true,
    split: "spaces",
    metadata: ({ tokenizer }) => ({ tokenizer: JSON.stringify(tokenizer) }),
  },
  "multi-label": {
    takes: [...WORDS, "labels", "separator", "threshold"],
    heads: ONE_PER_TEXT,
    predicts: "labels",
    metadata: ({ tokenizer, separator, threshold }) => ({
      tokenizer: JSON.stringify(tokenizer),
      separator,
      threshold: JSON.stringify(threshold),
    }),
  },
  "regression": {
    takes: [...WORDS, "scale", "loss"],
    heads: ONE_PER_TEXT,
    predicts: "number",
    metadata: (settings) => ({
      tokenizer: JSON.stringify(settings.tokenizer),
      ...numberMetadata(settings),
    }),
  },
  "language-model": {
    takes: SYMBOLS,
    heads: ["token"],
    predicts: "symbols",
    readsForward: true,
    metadata: ({ unit }) => ({ unit, tokenizer: JSON.stringify(DEFAULT_TOKENIZER) }),
  },
  "translate": {
    takes: [...SYMBOLS, "targetVocabulary"],
    heads: ["token"],
    predicts: "symbols",
    hasDecoder: true,
    metadata: ({ unit, attends }) => ({
      unit,
      attention: attends ? "dot" : "none",
      tokenizer: JSON.stringify(DEFAULT_TOKENIZER),
    }),
  },
  "forecast": {
    refused:
      "a forecaster depends on the scaling of its training data and on a position for each " +
      "step ahead, which the weights do not contain; export it from PyTorch to ONNX instead",
  },
  "series-classification": {
    takes: ["columns", "columnScale", "labels"],
    heads: ONE_PER_TEXT,
    predicts: "labels",
    reads: "columns",
    mayBeBinary: true,
    metadata: seriesMetadata,
  },
  "series-regression": {
    takes: ["columns", "columnScale", "scale", "loss"],
    heads: ONE_PER_TEXT,
    predicts: "number",
    reads: "columns",
    metadata: (settings) => ({ ...seriesMetadata(settings), ...numberMetadata(settings) }),
  },
};

/** The tasks that weights can be imported for. */
export const IMPORTED_TASKS: readonly TaskName[] =
  /* @__PURE__ */ (Object.keys(FORMS) as TaskName[])
    .filter((name) => !("refused" in FORMS[name]));

/** Returns the default task: the first one in the table that has `head`. */
export function taskWith(head: Head | undefined): TaskName {
  const has = (name: TaskName) => {
    const form = FORMS[name];
    return "heads" in form && form.heads.includes(head ?? form.heads[0]);
  };
  return IMPORTED_TASKS.find(has)!;
}
