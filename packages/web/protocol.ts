/**
 * What the page and its worker say to each other.
 *
 * @module
 */
import type {
  CellName,
  DataFormat,
  DataProblem,
  DataWarning,
  Evaluation,
  Example,
  GradientTrace,
  NetworkConfig,
  Quotes,
  StepTrace,
  SymbolUnit,
  Translation,
  TranslationEvaluation,
} from "@unroll/core/texts";
import type { Explanation, UnitPlace, UnitTrace } from "@unroll/core/inspect";
import type { LiveSettings } from "./live_settings.ts";
import type { Settings } from "./settings.ts";

/** How far to go. */
export type Goal = "end" | "epoch" | "step";

/** How fast: so that it can be followed, or as fast as can be. */
export type Pace = "slow" | "watch" | "full";

/** What training is doing. */
export type Phase = "fresh" | "running" | "paused" | "done" | "failed";

/** A column of the charts. */
export interface EpochRow {
  /** The epoch, from 1. */
  epoch: number;
  /** Losses in nats and accuracies from 0 to 1: on the training examples, and on those aside. */
  trainLoss: number;
  trainAccuracy: number;
  validationLoss?: number;
  validationAccuracy?: number;
  testLoss?: number;
  testAccuracy?: number;
}

/** The network that is there now. */
export interface Ready {
  settings: Settings;
  config: NetworkConfig;
  labels: string[];
  /** The first words of the vocabulary. */
  vocabulary: string[];
  /** How many words the network knows. */
  words: number;
  parameters: number;
  /** How many examples there are of each kind. */
  counts: { train: number; validation: number; test: number };
  /** A few examples of the data, some of them not trained on. */
  samples: Example[];
  /** The labels that a network writes texts for; none for one that writes without. */
  written: string[];
  /** What computes. */
  computes: string;
  /** The file that the network came from, if one was opened. */
  opened?: string;
  /** Where data of the visitor's own came from. */
  source?: DataSource;
}

/** The visitor's own files, and what a command line has to be told of them. */
export interface DataSource {
  /** The name of the first one. */
  name: string;
  /** The names of all, where there are several. */
  names?: string[];
  /** The columns, where a command line does not find them. */
  columns?: { text: string; label: string };
  /** How they are written, as far as a command line would read them otherwise. */
  written?: Written;
  /** Whether they are texts without columns. */
  isWhole?: boolean;
  /** Whether the text was pasted, so that there is no file of it. */
  isPasted?: boolean;
}

/** How data files are written: what is not given is guessed. */
export interface Written {
  format?: DataFormat;
  separator?: string;
  quotes?: Quotes;
  /** Whether the first row of a table has the names of the columns. */
  header?: boolean;
  encoding?: string;
}

/** How files are to be read, as far as the visitor says it. */
export interface Given extends Written {
  textColumn?: string;
  labelColumn?: string;
}

/** How far training is. */
export interface Status {
  phase: Phase;
  /** The epoch under way, from 1, and how many there are. */
  epoch: number;
  epochs: number;
  /** How many of its examples are done. */
  done: number;
  of: number;
  epochsPerSecond: number;
  secondsLeft: number;
  /** Why it ended before its last epoch, and the epoch whose weights the network has. */
  ended?: { reason: "patience"; best?: number };
  /** The least loss and the last, where it has grown out of all proportion. */
  isGrowing?: { from: number; to: number };
  /** What was changed while it went on. */
  changes: LiveChange[];
  /** Whether it is the trained network that ships with the page, as it came. */
  isShipped?: boolean;
  /** How many epochs the run has that was discarded last, where it can come back. */
  discarded?: number;
}

/** A setting that was changed while a run went on. */
export interface LiveChange {
  name: Exclude<keyof LiveSettings, "epochs">;
  /** From within which epoch on. */
  epoch: number;
  from: number;
  to: number;
}

/** What the next step learns from: the first of its examples, and how many there are. */
export interface NextStep {
  text?: string;
  label?: string;
  /** Which example of the epoch it is, from 1, and of how many. */
  place: number;
  of: number;
  /** How many examples the step has. */
  batch: number;
}

/** What a step has changed: of each weight the numbers added to it, and the largest of them. */
export interface StepChange {
  [name: string]: { map: HeatMap; largest: number };
}

/** What one step back through time finds, as far as the page draws it. */
export type Gradients = Omit<GradientTrace, "weights"> & {
  weights: Record<
    string,
    { norm: number; clipped: number; size: number; map: HeatMap; marked: Uint8Array }
  >;
};

/** Numbers in rows, small enough to draw: a larger matrix has its largest of each block. */
export interface HeatMap {
  rows: number;
  columns: number;
  values: Float32Array;
  /** The size that nearly all of them are within: it has the full colour. */
  bound: number;
  /** How many rows and columns of the matrix one of these stands for. */
  block: [rows: number, columns: number];
}

/** The sentence in the picture, as the network goes through it now. */
export interface Look extends StepTrace {
  text: string;
  /** Its label, where that is known. */
  actual?: string;
  /** The backward pass, where the label is known. */
  gradients?: Gradients;
  /** What a network that translates gives for it. */
  translation?: Translation;
  task: string;
  /** `without[t]`: the probabilities of the text without its word t. */
  without?: number[][];
  config: NetworkConfig;
  labels: string[];
  /** Whether it goes on after these words. */
  isCut: boolean;
  /** How many of its words, or symbols, there are in the picture at most, and what they are. */
  shown: number;
  unit: SymbolUnit;
  /** How many words the vocabulary has. */
  vocabulary: number;
}

/** The words that drive a unit most, read alone. */
export interface Drivers {
  unit: number;
  up: { word: string; value: number }[];
  down: { word: string; value: number }[];
}

/** A network's weights, as they were at the start and as they are now. */
export interface WeightMaps {
  [name: string]: { shape: [number, number]; before: HeatMap; now: HeatMap };
}

/** How well the network does, on which examples. */
export interface EvaluationReport {
  found:
    | { kind: "labels"; evaluation: Evaluation }
    | { kind: "pairs"; evaluation: TranslationEvaluation }
    | { kind: "texts"; loss: number; accuracy: number; unit: SymbolUnit };
  on: "test" | "validation" | "train";
  count: number;
}

/** How a network is to write. */
export interface Writing {
  prompt: string;
  label?: string;
  temperature: number;
  seed: number;
}

/** How far gradients reach back in some networks, over the same words. */
export interface Reach {
  words: string[];
  /** The cell of an untrained network, or none for the one that is there. */
  curves: { cell?: CellName; steps: number[] }[];
}

/** A file, or a text that was pasted. */
export interface NamedBlob {
  source: Blob;
  name: string;
}

/** What is asked of the visitor's own data. */
export interface DataRequest {
  files: NamedBlob[];
  task: string;
  given?: Given;
  /** Whether it was pasted: then its name says nothing. */
  isPasted?: boolean;
}

/** Rows of a file that cannot be used, the first of them by their lines. */
export interface LeftOut {
  name: string;
  /** How many rows the file has. */
  rows: number;
  count: number;
  problems: DataProblem[];
}

/** What files hold, as far as they can be read. */
export interface DataPreview {
  task: string;
  /** Why they cannot be used at all. */
  error?: string;
  /** How each file was read, in words. */
  readings: string[];
  /** How the first one was read. */
  written: Written;
  columns: string[];
  textColumn: string;
  labelColumn: string;
  count: number;
  examples: Example[];
  labels: { label: string; count: number }[];
  leftOut: LeftOut[];
  /** What is odd about it. */
  warnings: DataWarning[];
  /** Whether the files are texts, without columns. */
  isWhole: boolean;
  /** Whether every text has as many labels as words. */
  isTagging: boolean;
  /** The settings recommended for it; none for what cannot be used. */
  recommended?: Settings;
}

/** A backend, and whether it works here. */
export interface BackendReport {
  name: string;
  works: boolean;
  /** Whether it is a graphics device that software imitates, many times slower than the CPU. */
  isSoftware?: boolean;
  about: string;
}

/** A run that the browser has saved. */
export interface SavedRun {
  settings: Settings;
  epoch: number;
  savedAt: number;
}

/** A run as its tools get it. Examples are JSON, some thousand in a line. */
export interface ExportedRun {
  /** The model's file. */
  model: Blob;
  /** The task on the page. */
  task: string;
  /** What was learned: a file's name. */
  title: string;
  train: Blob;
  /** What it is measured on. */
  measured: Blob;
  on: "test" | "validation" | "train";
  rows: EpochRow[];
  /** The epoch whose weights the model has, where validation chose it. */
  bestEpoch?: number;
}

/** What the page may ask, and what it is answered. */
export interface Requests {
  backends: [given: { hasGpuJs: boolean }, answer: BackendReport[]];
  /** With `keepsModel`, a network that was opened stays, as it was in its file. */
  prepare: [given: { settings: Settings; keepsModel: boolean }, answer: void];
  go: [given: { goal: Goal }, answer: void];
  /** Other settings for the run under way. */
  change: [given: { settings: LiveSettings }, answer: void];
  /** The trained network that ships with the page, if it is the one for these settings. */
  openShipped: [given: { settings: Settings }, answer: boolean];
  /** The run that was discarded last, in place of the one that is there. */
  undo: [given: Record<never, never>, answer: void];
  /** The network that is there waits, whole, until it is brought back. */
  setAside: [given: Record<never, never>, answer: void];
  bringBack: [given: Record<never, never>, answer: void];
  nextStep: [given: Record<never, never>, answer: NextStep | undefined];
  /** Makes one step. */
  step: [given: Record<never, never>, answer: StepChange];
  pause: [given: Record<never, never>, answer: void];
  pace: [given: { pace: Pace }, answer: void];
  look: [given: { text: string; actual?: string }, answer: void];
  write: [given: Writing, answer: void];
  drivers: [given: { unit: number }, answer: Drivers];
  /** The equations of a unit at a step of a text, with their numbers. */
  unit: [given: { text: string; actual?: string; at: UnitPlace }, answer: UnitTrace];
  /** Each word's share in the answer. */
  why: [given: { text: string }, answer: Explanation];
  reach: [given: { words: number }, answer: Reach];
  inspectFiles: [given: DataRequest, answer: DataPreview];
  /** Ends the reading that is under way. */
  stopReading: [given: Record<never, never>, answer: void];
  useData: [given: Record<never, never>, answer: void];
  /** The data as text for a link; none where it is far too much. */
  packData: [given: Record<never, never>, answer: string | undefined];
  /** The data of a link, for the task that is answered. */
  takeData: [given: { packed: string }, answer: { task: string }];
  save: [given: Record<never, never>, answer: Uint8Array<ArrayBuffer>];
  /** The run, for the tools. */
  exportRun: [given: Record<never, never>, answer: ExportedRun];
  open: [given: { file: Blob; name: string }, answer: Ready];
  dataFile: [given: { part: "train" | "test" }, answer: string];
  saved: [given: Record<never, never>, answer: SavedRun | undefined];
  restore: [given: Record<never, never>, answer: void];
  /** Saves a file for the page of numbers, which opens next. */
  handOverFile: [NamedBlob, void];
  forget: [given: Record<never, never>, answer: void];
  handOver: [given: Record<never, never>, answer: unknown];
  takeOver: [given: { data: unknown }, answer: void];
}

/** How far a large file is read. */
export interface Progress {
  name: string;
  unit: "bytes" | "rows";
  done: number;
  of: number;
}

/** What the worker reports unasked. */
export interface Events {
  ready: Ready;
  status: Status;
  /** Rows of the charts; with `isReset`, those before are dropped. */
  epochs: { rows: EpochRow[]; isReset: boolean };
  look: Look;
  /** There is nothing in the sentence that the network can read. */
  unreadable: Record<never, never>;
  weights: WeightMaps;
  evaluation: EvaluationReport;
  /** What the network writes, as it was last asked to. */
  written: { text: string; prompt: string };
  problem: { message: string };
  /** Why the browser cannot save the run. */
  notSaved: { reason: string };
  /** How far a large file is read, in bytes, or how many of its rows were looked at. */
  reading: Progress;
}

/** The numbers in weights, to be handed over rather than copied. */
export function numbersOfMaps(maps: WeightMaps): ArrayBuffer[] {
  return Object.values(maps).flatMap(({ before, now }) => [
    before.values.buffer as ArrayBuffer,
    now.values.buffer as ArrayBuffer,
  ]);
}

/** The numbers in a look, to be handed over rather than copied. */
export function numbersOf(look: Look): ArrayBuffer[] {
  const cells = look.layers.flat().flatMap(({ states, cells, gates }) => [
    states,
    ...(cells ? [cells] : []),
    ...Object.values(gates),
  ]);
  const gradients = look.gradients
    ? [
      ...look.gradients.layers.flat(),
      ...Object.values(look.gradients.weights).flatMap(({ map, marked }) => [map.values, marked]),
    ]
    : [];
  const all: { buffer: ArrayBufferLike }[] = [...cells, ...gradients];
  return [...new Set(all.map(({ buffer }) => buffer as ArrayBuffer))];
}
