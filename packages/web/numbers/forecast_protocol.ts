/**
 * What the tab of forecasts and its worker say to each other.
 *
 * @module
 */

import type { ReportData } from "../../cli/output/report_data.ts";

/** The built-in series. */
export type BuiltInName = "airline" | "visitors";

/** What a column of numbers is for. */
export type ColumnRole = "target" | "feature" | "knownAhead" | "none";

/** How the visitor reads a file, where it is not as guessed; null is for none. */
export interface SeriesReadSettings {
  time?: string | null;
  series?: string | null;
}

/** What was read of a file, in the words of the command line. */
export interface FoundSeries {
  /** The file's name. */
  name: string;
  builtIn?: BuiltInName;
  /** How it was read. */
  about: string;
  /** What was filled and could be read otherwise. */
  notes: string[];
  /** The rows that could not be read as they are. */
  leftOut?: { count: number; rows: number; first: string[] };
  /** All columns of the file, and those of numbers with what they are for. */
  fields: string[];
  roles: Record<string, ColumnRole>;
  time?: string;
  series?: string;
  /** The names of the series, where there are several. */
  names: string[];
  /** The rows of the longest. */
  rows: number;
}

/** What is asked of a forecaster; what is undefined is guessed. */
export interface ForecastSettings {
  roles: Record<string, ColumnRole>;
  horizon: number;
  /** Rows at the end of each series that are held out; 0 for none. */
  holdOut: number;
  season?: number;
  hidden?: number;
  epochs?: number;
  calendar: boolean;
  seed: number;
}

/** What a network is going to be, before it is trained. */
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

/** A series with forecasts, as far as it is drawn: a number for each row, NaN where there is none. */
export interface SeriesView {
  /** The series, where there are several, and the column. */
  series: number;
  target: string;
  /** The row of the first number. */
  first: number;
  /** The time of each row. */
  times: string[];
  actual: Float64Array;
  /** The first row that is held out, and the first behind the data, counted from `first`. */
  heldOut?: number;
  end: number;
  forecast?: Float64Array;
  lower?: Float64Array;
  upper?: Float64Array;
  /** What the band is called. */
  band?: string;
}

/** Which part of which series is drawn. */
export interface ViewSettings {
  series: number;
  target: string;
  /** Whether all rows are wanted, or the last ones. */
  isWhole: boolean;
}

/** How far a training is. */
export interface ForecastStatus {
  phase: "untrained" | "running" | "paused" | "done" | "opened";
  /** The epochs that are over, and the fraction of the next one that is done. */
  epoch: number;
  share: number;
  epochs: number;
  /** The epoch whose weights are kept, where validation has chosen one. */
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

/** Results: in words, as rows under a head, and the errors by step of the horizon. */
export interface ForecastResults {
  lines: string[];
  isBeaten: boolean;
  table: string[][];
  targets?: string[][];
  steps: number[];
  windows: number;
}

/** Questions to the worker: what is given, and what is answered. */
export interface ForecastRequests {
  /** Reads a built-in series or a file; what was there before stays where it cannot be read. */
  read: [
    { builtIn?: BuiltInName; file?: Blob; name?: string; settings?: SeriesReadSettings },
    FoundSeries,
  ];
  /** An untrained network for the settings. */
  prepare: [ForecastSettings, ForecastFacts];
  view: [ViewSettings, void];
  /** Trains, or goes on; slowly enough to be watched, or as fast as it can. */
  train: [object, void];
  pace: [{ isFull: boolean }, void];
  pause: [object, void];
  stop: [object, void];
  /** Trains on some beginnings of the data, and gives a table. */
  backtest: [{ folds: number }, { head: string[]; rows: string[][] }];
  /** Forecasts beyond the data: a table as `deno task predict --out` writes it. */
  forecast: [{ horizon: number }, { csv: string; rows: number; note?: string }];
  save: [object, Uint8Array<ArrayBuffer>];
  /** Opens a model's file; gives whether it could, after the event "opened". */
  open: [{ file: Blob; name: string }, true];
  /** What a page of the training shows; the worker of reports makes it. */
  report: [object, ReportData];
  /** The built-in series as a file. */
  dataFile: [object, { name: string; csv: string }];
}

/** What the worker reports unasked. */
export interface ForecastEvents {
  problem: { message: string };
  /** A model was opened; the status follows, so that nobody trains with the settings of before. */
  opened: ForecastFacts & { settings: ForecastSettings };
  view: SeriesView;
  status: ForecastStatus;
  losses: { rows: LossRow[]; isReset: boolean };
  results: ForecastResults | undefined;
  progress: { text: string } | undefined;
}
