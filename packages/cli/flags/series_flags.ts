/**
 * The flags of tasks that read time series.
 *
 * @module
 */
import { InputError, quote } from "@unroll/core";
import { choice, type Flag, rare, text, type Values } from "./flags.ts";
import { atLeastZero, integer } from "./number_flags.ts";

/** Returns a flag whose value is a list of column names; it may be repeated. */
function columns(help: string, shown?: string): Flag<string[] | undefined> {
  const expected = "column names separated by commas";
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

/** Returns a flag whose value is a list of increasing quantiles, as text. */
function quantiles(help: string): Flag<string | undefined> {
  const expected =
    "increasing numbers between 0 and 1 separated by commas, such as 0.1,0.9, or none";
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

/** Returns the numbers of a quantiles flag; undefined if it was not given. */
export function quantilesOf(typed: string | undefined): number[] | undefined {
  return typed === undefined ? undefined : typed === "none" ? [] : typed.split(",").map(Number);
}

/** Returns a flag whose value is one season length, or several to choose the best from. */
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

/** The flags for the columns of series and how they are written. */
export const SERIES_FLAGS = {
  "time": {
    ...text("COLUMN", "column of the times; none: rows are time steps without times", undefined),
    shown: "a column named date or time, or the first column of dates",
  },
  "series": {
    ...text("COLUMN", "column with the name of each row's series; none: one series", undefined),
    shown: "a column named series",
  },
  "decimal": rare({
    ...choice([".", ","], "decimal mark of numbers", undefined),
    shown: "detected from the numbers",
  }),
  "day-first": rare({
    ...choice(["yes", "no"], "whether dates such as 1/2/2024 start with the day", undefined),
    shown: "detected from the dates",
  }),
  "max-gap": rare(integer("longest gap of missing steps or numbers to fill", 100, 0)),
};

/** The flag for the layout of a file of labeled series. */
export const LAYOUT_FLAGS = {
  "layout": {
    ...choice(
      ["long", "wide"],
      "layout of the table: long: a row is a time step; wide: a row is a whole series (t0, t1, …)",
      undefined,
    ),
    shown: "detected from the columns",
  },
};

/** The flags for augmentation: random changes to series in training, so that fewer are needed. */
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

/** The flags for the columns to forecast and the columns to read. */
export const TARGET_FLAGS = {
  "target": columns("targets: the columns to forecast", "all columns of numbers"),
  "features": columns(
    "columns to read; for a forecaster, covariates in addition to its targets, known up to the present",
    "none for a forecaster, otherwise all columns of numbers",
  ),
  "known-ahead": columns("covariates whose future values are known, such as promotions", "none"),
};

/** The flag for the number of held-out rows. */
export const HOLD_OUT_FLAGS = {
  "hold-out": integer(
    "rows at the end of each series to hold out as the test set",
    undefined,
    1,
  ),
};

/** The flags for a forecasting network. */
export const FORECAST_FLAGS = {
  "horizon": integer("forecast horizon, in steps", undefined, 1),
  "window": integer("lookback window: past steps that a forecast reads", undefined, 1),
  "segment": rare(integer("segment length: steps that the network reads at once", undefined, 1)),
  "season": seasons(
    "season length in steps, or several to choose from, for the seasonal naive baseline; 1: none",
  ),
  "log": {
    ...choice(
      ["yes", "no"],
      "forecast the logarithm of the targets, which must be above 0",
      undefined,
    ),
    shown: "yes if their swings grow with their level",
  },
  "calendar": choice(
    ["yes", "no"],
    "calendar features: the hour, weekday and day of the year, or the month, of each time",
    "no",
  ),
  "quantiles": quantiles("quantiles to forecast, the band around the forecast"),
};

/** The flag for cross-validation, or for a backtest of a forecast. */
export const BACKTEST_FLAGS = {
  "folds": integer(
    "cross-validation with N folds, stratified by label, in N training runs; for a forecast, a " +
      "backtest: train on N expanding windows, each tested on the rows that follow",
    undefined,
    2,
  ),
};

/** How series are written. */
export type SeriesSettings =
  & Values<typeof SERIES_FLAGS>
  & Values<typeof LAYOUT_FLAGS>
  & Values<typeof TARGET_FLAGS>;
