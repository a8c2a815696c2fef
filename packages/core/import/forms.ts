/**
 * The table of tasks that weights can be imported for: what a network of each predicts, and what its
 * model file says besides the network.
 *
 * @module
 */
import type { Head } from "../network/config.ts";
import type { NumberLossName } from "../network/losses/losses.ts";
import type { TaskName } from "../tasks.ts";
import { DEFAULT_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import type { SymbolUnit } from "../text/symbols.ts";

/** What a model file says besides the network, the words and the labels. */
export interface OwnSettings {
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** What the symbols of a text are. */
  unit: SymbolUnit;
  /** Whether the decoder attends to the source. */
  attends: boolean;
  /** What separates the labels of a text. */
  separator: string;
  /** The probability from which on a text is given a label. */
  threshold: number;
  /** The loss of numbers. */
  loss: NumberLossName;
  /** What the network's number is scaled by: the answer is mean + deviation * number. */
  scale: { mean: number; deviation: number };
  /** The columns of series. */
  columns: readonly string[];
  /** What they are scaled by. */
  columnScale: { means: readonly number[]; deviations: readonly number[] };
}

/** An option of an import that is not for all tasks. */
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
  /** The options that are for some tasks only, this among them. */
  readonly takes: readonly OwnOption[];
  /** What can pool the states, the usual one first. */
  readonly heads: readonly Head[];
  /** What is predicted: labels that have names, a number, or the next symbol. */
  readonly predicts: "labels" | "number" | "symbols";
  /** What is read, where that are no texts: the columns of series. */
  readonly reads?: "columns";
  /** Whether two labels may be decided by one number, which is the log-odds of the second. */
  readonly mayBeBinary?: true;
  /** Whether a decoder stands beside the layers that read. */
  readonly hasDecoder?: true;
  /** Whether it may read in both directions. Default: true. */
  readonly readsForward?: true;
  /** Where texts are cut into words, unless something else says it. */
  readonly split?: TokenizerOptions["split"];
  /** The metadata of its file that are its own. */
  metadata(settings: OwnSettings): Record<string, string>;
}

/** Why weights cannot be imported for a task. */
interface Refused {
  readonly refused: string;
}

const ONE_PER_TEXT = ["last", "mean", "max", "mean-max"] as const;

/** What the files of models of series say. Their changes, which are read here too, weigh nothing. */
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

/** What the files of models of numbers say. */
function numberMetadata({ loss, scale }: OwnSettings): Record<string, string> {
  return { loss, scale: JSON.stringify({ ...scale, median: scale.mean }) };
}

/** What is imported, by task. */
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
      "a forecaster reads windows that are scaled by its training data, with a position for " +
      "each step ahead, which weights alone do not say; export it from PyTorch to ONNX instead",
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

/** The task whose models have a head, where none is named: the first of the table. */
export function taskWith(head: Head | undefined): TaskName {
  const has = (name: TaskName) => {
    const form = FORMS[name];
    return "heads" in form && form.heads.includes(head ?? form.heads[0]);
  };
  return IMPORTED_TASKS.find(has)!;
}
