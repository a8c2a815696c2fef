/**
 * The flags of tasks that read series: numbers over time.
 *
 * @module
 */
import { InputError, quote } from "@unroll/core";
import { choice, type Flag, text, type Values } from "./flags.ts";
import { atLeastZero, integer } from "./number_flags.ts";

/** A flag with names of columns, which may be typed more than once. */
function columns(help: string, shown?: string): Flag<string[] | undefined> {
  const expected = "names of columns with commas between them";
  return {
    value: "COLUMN,…",
    help,
    expected,
    default: undefined,
    shown,
    isList: true,
    parse(typed) {
      const names = typed.split(",").map((name) => name.trim());
      if (names.every((name) => name !== "")) return names;
      throw new InputError(`expected ${expected}, got ${quote(typed)}`);
    },
  };
}

/** A flag with fractions that rise, the quantiles of a band, as text. */
function quantiles(help: string): Flag<string | undefined> {
  const expected =
    "rising numbers between 0 and 1 with commas between them, such as 0.1,0.9, or none";
  return {
    value: "X,…|none",
    help,
    expected,
    default: undefined,
    parse(typed) {
      if (typed === "none") return typed;
      const parts = typed.split(",").map((each) => each.trim());
      const values = parts.map(Number);
      const isFit = (value: number, i: number) =>
        /^0?\.\d+$/.test(parts[i]) && value > 0 && value < 1 && !(value <= values[i - 1]);
      if (values.every(isFit)) return values.join(",");
      throw new InputError(`expected ${expected}, got ${quote(typed)}`);
    },
  };
}

/** The numbers of a flag of quantiles; undefined where it was not given. */
export function quantilesOf(typed: string | undefined): number[] | undefined {
  return typed === undefined ? undefined : typed === "none" ? [] : typed.split(",").map(Number);
}

/** A flag with the lengths of one season or of several: the one that repeats best is taken. */
function seasons(help: string): Flag<number | number[] | undefined> {
  const one = integer(help, undefined, 1);
  return {
    ...one,
    value: "N,…",
    shown: "found by autocorrelation",
    parse(typed) {
      const found = typed.split(",").map((each) => one.parse(each.trim())!);
      return found.length > 1 ? found : found[0];
    },
  };
}

/** The flags that say what the columns of series are, and how they are written. */
export const SERIES_FLAGS = {
  "time": {
    ...text("COLUMN", "column of the times; none: rows are steps without times", undefined),
    shown: "one called date or time, or the first of dates",
  },
  "series": {
    ...text("COLUMN", "column that says which series a row is of; none: all are of one", undefined),
    shown: "one called series",
  },
  "decimal": {
    ...choice([".", ","], "decimal mark of numbers", undefined),
    shown: "what the numbers look like",
  },
  "day-first": {
    ...choice(["yes", "no"], "whether dates such as 1/2/2024 begin with the day", undefined),
    shown: "what the dates look like",
  },
  "max-gap": integer("longest gap of missing steps or numbers to fill", 100, 0),
};

/** The flag that says how a file has series that are labeled. */
export const LAYOUT_FLAGS = {
  "layout": {
    ...choice(
      ["long", "wide"],
      "layout of the table: long: a row is a time step; wide: a row is a whole series (t0, t1, …)",
      undefined,
    ),
    shown: "what the columns look like",
  },
};

/** The flags that say how series are changed in training, so that a few do. */
export const NOISE_FLAGS = {
  "noise": atLeastZero(
    "augmentation: standard deviation of the noise added to each scaled number in training",
    undefined,
  ),
  "stretch": atLeastZero(
    "augmentation: standard deviation of the factor, about 1, on each column in training",
    undefined,
  ),
};

/** The flags that say what to forecast, and from what. */
export const TARGET_FLAGS = {
  "target": columns("targets: the columns to forecast", "all columns of numbers"),
  "features": columns(
    "columns to read; for a forecaster, covariates beside its targets, known up to the present",
    "none for a forecaster, otherwise all columns of numbers",
  ),
  "known-ahead": columns("covariates whose future values are known, such as promotions", "none"),
};

/** The flags that say how much of a series is held out. */
export const HOLD_OUT_FLAGS = {
  "hold-out": integer(
    "rows at the end of each series to hold out as the test set",
    undefined,
    1,
  ),
};

/** The flags that say what a network that forecasts is made of. */
export const FORECAST_FLAGS = {
  "horizon": integer("forecast horizon, in steps", undefined, 1),
  "window": integer("lookback window: past steps that a forecast reads", undefined, 1),
  "segment": integer("segment length: steps that the network reads at once", undefined, 1),
  "season": seasons(
    "season length in steps, or several of them, for the seasonal naive baseline; 1: none",
  ),
  "log": {
    ...choice(
      ["yes", "no"],
      "forecast the logarithm of the targets, which must be above 0",
      undefined,
    ),
    shown: "yes where their swings grow with their level",
  },
  "calendar": choice(
    ["yes", "no"],
    "calendar features: the hour, weekday and day of the year, or the month, of each time",
    "no",
  ),
  "quantiles": quantiles("quantiles to forecast, the band around the forecast"),
};

/** The flag of cross-validation and of a backtest. */
export const BACKTEST_FLAGS = {
  "folds": integer(
    "cross-validation with N folds, stratified by label, in N trainings; of a forecast a backtest: " +
      "train on N beginnings of the data, test each on what follows",
    undefined,
    2,
  ),
};

/** How series are written. */
export type SeriesSettings =
  & Values<typeof SERIES_FLAGS>
  & Values<typeof LAYOUT_FLAGS>
  & Values<typeof TARGET_FLAGS>;
