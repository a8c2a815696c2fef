/**
 * The messages between the page and its tools: a worker that is loaded on first use, and has all of
 * core.
 *
 * @module
 */
import type { NamedBlob } from "./data_protocol.ts";
import type { ExportedRun } from "./run_protocol.ts";

/** New texts to predict. */
export interface NewTexts {
  model: Blob;
  task: string;
  /** A list, one text per line. */
  list?: string;
  file?: NamedBlob;
  /** The text column, if chosen. */
  textColumn?: string;
}

/** A text with its prediction, to display. */
export interface PredictedRow {
  text: string;
  /** The values of the columns; undefined if the text has no known word. */
  values?: readonly (string | number)[];
  unknown: readonly string[];
  /** Why the row has no readable text. */
  problem?: string;
}

/** The predictions for new texts. */
export interface BatchPredictions {
  count: number;
  /** The names of the prediction columns. */
  names: readonly string[];
  /** The first rows. */
  shown: PredictedRow[];
  /** How often each label was predicted, most frequent first; empty for models that write texts. */
  labels: { label: string; count: number }[];
  /** The number of texts without a known word, and of rows without a text. */
  unknown: number;
  empty: number;
  /** The rows that could not be read; the first ones with their line numbers. */
  leftOut: { count: number; problems: string[] };
  /** How the file was read, as text. */
  reading?: string;
  columns: readonly string[];
  textColumn: string;
  /** All predictions as CSV. */
  file: Blob;
}

/** The requests to the tools. */
export interface ToolRequests {
  predict: [given: NewTexts, answer: BatchPredictions];
  /** Returns the accuracy of a linear model on n-grams. */
  baseline: [given: ExportedRun, answer: number];
  /** Returns the HTML report of a training, as written by the command line's `--report`. */
  report: [given: ExportedRun, answer: string];
}

/** The events that the tools report. */
export interface ToolEvents {
  problem: { message: string };
  /** The number of rows predicted so far. */
  predicted: { count: number };
}
