/**
 * The messages between the forecast tab and its worker.
 *
 * @module
 */

import type { ReportData } from "../../cli/output/report_data.ts";

/** The names of the built-in series. */
export type BuiltInName = "airline" | "visitors";

/** The role of a numeric column. */
export type ColumnRole = "target" | "feature" | "knownAhead" | "none";

/** The visitor's choices for reading a file; undefined is guessed, null is none. */
export interface SeriesReadSettings {
  time?: string | null;
  series?: string | null;
}

/** The contents of a file, described as on the command line. */
export interface FoundSeries {
  /** The name of the file. */
  name: string;
  builtIn?: BuiltInName;
  /** A description of how it was read. */
  about: string;
  /** What was filled, or could be read in another way. */
  notes: string[];
  /** The rows that could not be read completely. */
  leftOut?: { count: number; rows: number; first: string[] };
  /** All columns of the file, and the roles of the numeric ones. */
  fields: string[];
  roles: Record<string, ColumnRole>;
  time?: string;
  series?: string;
  /** The names of the series, if there are several. */
  names: string[];
  /** The number of rows in the longest series. */
  rows: number;
}

/** The settings of a forecaster; what is undefined is guessed. */
export interface ForecastSettings {
  roles: Record<string, ColumnRole>;
  horizon: number;
  /** The number of rows held out at the end of each series; 0 for none. */
  holdOut: number;
  season?: number;
  hidden?: number;
  epochs?: number;
  calendar: boolean;
  seed: number;
}

/** The facts about a network that is not trained yet. */
export interface ForecastFacts {
  targets: string[];
  parameters: number;
  window: number;
  segment: number;
  season: number;
  hidden: number;
  epochs: number;
  log: boolean;
  /** What was filled or left out at the ends of the series. */
  notes: string[];
}

/** The drawn part of a series with its forecasts: a number per row, NaN where there is none. */
export interface SeriesView {
  /** The index of the series, and the column. */
  series: number;
  target: string;
  /** The row of the first number. */
  first: number;
  /** The time of each row. */
  times: string[];
  actual: Float64Array;
  /** The first held-out row, and the first row after the data, counted from `first`. */
  heldOut?: number;
  end: number;
  forecast?: Float64Array;
  lower?: Float64Array;
  upper?: Float64Array;
  /** The name of the band. */
  band?: string;
}

/** The part of the data to draw. */
export interface ViewSettings {
  series: number;
  target: string;
  /** Whether to draw all rows, or only the last ones. */
  isWhole: boolean;
}

/** The progress of a training. */
export interface ForecastStatus {
  phase: "untrained" | "running" | "paused" | "done" | "opened";
  /** The number of completed epochs, and the completed fraction of the next one. */
  epoch: number;
  share: number;
  epochs: number;
  /** The epoch whose weights are kept, if validation chose one. */
  best?: number;
  secondsLeft?: number;
}

/** The losses of an epoch. */
export interface LossRow {
  epoch: number;
  train: number;
  validation?: number;
  heldOut?: number;
}

/** Results: as text, as rows with a head, and the errors by step of the horizon. */
export interface ForecastResults {
  lines: string[];
  isBeaten: boolean;
  table: string[][];
  targets?: string[][];
  steps: number[];
  windows: number;
}

/** Requests to the worker: the given value, and the answer. */
export interface ForecastRequests {
  /** Reads a built-in series or a file; if it cannot be read, the previous data stays. */
  read: [
    { builtIn?: BuiltInName; file?: Blob; name?: string; settings?: SeriesReadSettings },
    FoundSeries,
  ];
  /** Creates an untrained network for the settings. */
  prepare: [ForecastSettings, ForecastFacts];
  view: [ViewSettings, void];
  /** Trains or continues, at the speed set by `pace`. */
  train: [object, void];
  pace: [{ isFull: boolean }, void];
  pause: [object, void];
  stop: [object, void];
  /** Trains on growing initial parts of the data, and returns a table. */
  backtest: [{ folds: number }, { head: string[]; rows: string[][] }];
  /** Forecasts the rows after the data: a table as written by `deno task predict --out`. */
  forecast: [{ horizon: number }, { csv: string; rows: number; note?: string }];
  save: [object, Uint8Array<ArrayBuffer>];
  /** Opens a model's file; the answer follows the event "opened". */
  open: [{ file: Blob; name: string }, true];
  /** Returns the data of the report on the training; the report worker renders it. */
  report: [object, ReportData];
  /** Returns the built-in series as a file. */
  dataFile: [object, { name: string; csv: string }];
}

/** The events that the worker reports. */
export interface ForecastEvents {
  problem: { message: string };
  /** A model was opened. The status follows, so that no training uses the previous settings. */
  opened: ForecastFacts & { settings: ForecastSettings };
  view: SeriesView;
  status: ForecastStatus;
  losses: { rows: LossRow[]; isReset: boolean };
  results: ForecastResults | undefined;
  progress: { text: string } | undefined;
}
