/**
 * What the page asks of its tools: a worker that is loaded when one of them is used, and has all of
 * core.
 *
 * @module
 */
import type { NamedBlob } from "./data_protocol.ts";
import type { ExportedRun } from "./run_protocol.ts";

/** New texts. */
export interface NewTexts {
  model: Blob;
  task: string;
  /** A list, a text a line. */
  list?: string;
  file?: NamedBlob;
  /** The column of the texts, where it was chosen. */
  textColumn?: string;
}

/** A text with its prediction, to look at. */
export interface PredictedRow {
  text: string;
  /** The numbers and texts of the columns; none where no word is known. */
  values?: readonly (string | number)[];
  unknown: readonly string[];
  /** Why the row has no text that can be read. */
  problem?: string;
}

/** The predictions for new texts. */
export interface BatchPredictions {
  count: number;
  /** The names of the columns that predictions have. */
  names: readonly string[];
  /** The first rows. */
  shown: PredictedRow[];
  /** How often each label was predicted, the most frequent first; none for what writes. */
  labels: { label: string; count: number }[];
  /** How many texts have no word that the network knows, and how many rows no text. */
  unknown: number;
  empty: number;
  /** Rows that could not be read, the first of them by their lines. */
  leftOut: { count: number; problems: string[] };
  /** How the file was read, in words. */
  reading?: string;
  columns: readonly string[];
  textColumn: string;
  /** All of it as CSV. */
  file: Blob;
}

/** What is asked of the tools. */
export interface ToolRequests {
  predict: [given: NewTexts, answer: BatchPredictions];
  /** The accuracy of a linear model on n-grams. */
  baseline: [given: ExportedRun, answer: number];
  /** The page of a training, as the command line's `--report` writes it. */
  report: [given: ExportedRun, answer: string];
}

/** What they report unasked. */
export interface ToolEvents {
  problem: { message: string };
  /** How many rows are predicted. */
  predicted: { count: number };
}
