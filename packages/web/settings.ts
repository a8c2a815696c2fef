/**
 * The settings of a run: one table for the form, the link and the command line.
 *
 * @module
 */
import type {
  Attention,
  CellName,
  Head,
  Init,
  OptimizerName,
  ScheduleName,
  SymbolUnit,
} from "@unroll/core/texts";
import { CELLS } from "./cells.ts";

/** The settings of a run. For optional bounds and fractions, 0 means none. */
export interface Settings {
  /** The data: the name of a built-in set, or `own`. */
  set: string;
  /** The name of the task in the table of tasks; the data determines it. */
  task: string;
  /** The unit that texts are generated in. */
  unit: SymbolUnit;
  /** The attention of a decoder. */
  attention: Attention;
  /** The truncated BPTT length, in symbols. */
  timeSteps: number;
  /** How the learning rate changes. */
  schedule: ScheduleName;
  /** The kind of cell. */
  cell: CellName;
  /** The activation function, for cells that have a choice. */
  activation: "tanh" | "relu";
  /** The hidden size. */
  hidden: number;
  /** The number of stacked layers. */
  layers: number;
  /** Whether a second cell reads from the end. */
  bidirectional: boolean;
  /** The embedding size; 0 for one-hot. */
  embedding: number;
  /** The pooling of the states into a prediction. */
  head: Head;
  /** The dropout fraction. */
  dropout: number;
  /** The initialization of the weights. */
  init: Init;
  /** Whether to strip HTML from the texts. */
  stripHtml: boolean;
  /** The optimizer. */
  optimizer: OptimizerName;
  /** The learning rate. */
  learningRate: number;
  /** The batch size, in examples. */
  batchSize: number;
  /** The maximum number of epochs. */
  epochs: number;
  /** Clips each component of the gradient to this bound; 0 for none. */
  clip: number;
  /** Clips the gradient's norm to this bound; 0 for none. */
  clipNorm: number;
  /** The validation split. */
  validation: number;
  /** The early-stopping patience, in epochs; 0 for never. */
  patience: number;
  /** The random seed of weights, order, dropout and validation split. */
  seed: number;
  /** The backend's name. */
  backend: string;
}

/** The names of the settings that the form shows. */
export type FieldName = Exclude<keyof Settings, "set" | "task">;

interface Common {
  /** The flag of the command line. */
  flag: string;
  /** The section of the form. */
  group: "network" | "training" | "more";
}

/** A setting: its possible values, and where it belongs. */
export type Field =
  & Common
  & (
    | { kind: "choice"; choices: readonly string[] }
    // A switch is a flag without a value on the command line.
    | { kind: "toggle"; isSwitch?: true }
    | { kind: "integer"; least: number; most: number }
    | { kind: "number"; least: number; most: number; step: number }
  );

const MAX_HIDDEN = 1024; // a larger state no longer makes a useful picture
const MAX_EPOCHS = 1_000_000;

/** All settings of the form, in order. */
export const FIELDS: Record<FieldName, Field> = {
  cell: { kind: "choice", choices: Object.keys(CELLS), flag: "cell", group: "network" },
  hidden: { kind: "integer", least: 1, most: MAX_HIDDEN, flag: "hidden", group: "network" },
  layers: { kind: "integer", least: 1, most: 8, flag: "layers", group: "network" },
  embedding: {
    kind: "integer",
    least: 0,
    most: MAX_HIDDEN,
    flag: "embedding",
    group: "network",
  },
  bidirectional: { kind: "toggle", flag: "bidirectional", group: "network" },
  optimizer: {
    kind: "choice",
    choices: ["sgd", "rmsprop", "adam", "adamw"],
    flag: "optimizer",
    group: "training",
  },
  learningRate: {
    kind: "number",
    least: 0.00001,
    most: 10,
    step: 0.001,
    flag: "learning-rate",
    group: "training",
  },
  batchSize: { kind: "integer", least: 1, most: 1024, flag: "batch-size", group: "training" },
  epochs: { kind: "integer", least: 1, most: MAX_EPOCHS, flag: "epochs", group: "training" },
  clip: { kind: "number", least: 0, most: 1000, step: 0.1, flag: "clip", group: "training" },
  seed: {
    kind: "integer",
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    flag: "seed",
    group: "training",
  },
  backend: {
    kind: "choice",
    choices: ["cpu", "cpu:plain", "gpujs:webgpu", "gpujs:webgl2", "gpujs:webasm"],
    flag: "backend",
    group: "training",
  },
  unit: {
    kind: "choice",
    choices: ["characters", "graphemes", "words"],
    flag: "unit",
    group: "network",
  },
  attention: { kind: "choice", choices: ["dot", "none"], flag: "attention", group: "network" },
  timeSteps: { kind: "integer", least: 1, most: 1000, flag: "time-steps", group: "training" },
  schedule: {
    kind: "choice",
    choices: ["constant", "step", "cosine", "plateau"],
    flag: "schedule",
    group: "more",
  },
  head: {
    kind: "choice",
    choices: ["last", "mean", "max", "token"],
    flag: "head",
    group: "more",
  },
  activation: {
    kind: "choice",
    choices: ["tanh", "relu"],
    flag: "activation",
    group: "more",
  },
  init: { kind: "choice", choices: ["tiny", "scaled", "orthogonal"], flag: "init", group: "more" },
  stripHtml: { kind: "toggle", isSwitch: true, flag: "strip-html", group: "more" },
  dropout: { kind: "number", least: 0, most: 0.9, step: 0.1, flag: "dropout", group: "more" },
  clipNorm: {
    kind: "number",
    least: 0,
    most: 1000,
    step: 0.1,
    flag: "clip-norm",
    group: "more",
  },
  validation: {
    kind: "number",
    least: 0,
    most: 0.9,
    step: 0.05,
    flag: "validation",
    group: "more",
  },
  patience: { kind: "integer", least: 0, most: 100_000, flag: "patience", group: "more" },
};

/** The article's run, with the settings of `deno task train`. */
export const ARTICLE: Settings = {
  set: "moods",
  task: "classification",
  unit: "characters",
  attention: "dot",
  timeSteps: 64,
  schedule: "constant",
  cell: "rnn",
  activation: "tanh",
  hidden: 64,
  layers: 1,
  bidirectional: false,
  embedding: 0,
  head: "last",
  dropout: 0,
  init: "tiny",
  stripHtml: false,
  optimizer: "sgd",
  learningRate: 0.02,
  batchSize: 1,
  epochs: 1000,
  clip: 1,
  clipNorm: 0,
  validation: 0,
  patience: 0,
  seed: 1,
  backend: "cpu",
};

const PLAIN_NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Former names of values, still found in old links and saved runs. */
const RENAMED: { [name in FieldName]?: Readonly<Record<string, string>> } = {
  init: { article: "tiny" },
};

/** Parses a value and brings it into range; undefined if the text is not a valid value. */
export function parseField(name: FieldName, given: string): Settings[FieldName] | undefined {
  const field = FIELDS[name];
  const renamed = RENAMED[name] ?? {};
  const text = Object.hasOwn(renamed, given) ? renamed[given] : given;
  if (field.kind === "choice") return field.choices.includes(text) ? text : undefined;
  if (field.kind === "toggle") return text === "yes" ? true : text === "no" ? false : undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) return undefined;
  const inRange = Math.min(field.most, Math.max(field.least, value));
  return field.kind === "integer" ? Math.round(inRange) : inRange;
}

/** Parses a value that a visitor has typed; undefined if it is invalid or out of range. */
export function readField(name: FieldName, given: string): Settings[FieldName] | undefined {
  const field = FIELDS[name], value = parseField(name, given);
  if (field.kind === "choice" || field.kind === "toggle") return value;
  const isAsGiven = PLAIN_NUMBER.test(given.trim()) && Number(given) === value;
  return isAsGiven ? value : undefined;
}

/** Formats a setting as text that {@linkcode parseField} can read. */
export function showField(settings: Settings, name: FieldName): string {
  const value = settings[name];
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

/** Returns the default initialization of a cell, as on the command line. */
export function defaultInit(cell: CellName): Init {
  return cell === ARTICLE.cell ? "tiny" : "scaled";
}
