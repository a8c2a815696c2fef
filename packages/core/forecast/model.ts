/**
 * Creates untrained models that forecast series.
 *
 * @module
 */
import { requireBoolean, requireInteger, requireOneOf, requireOptions } from "../checks.ts";
import { InputError } from "../errors.ts";
import { checkConfig, type NetworkConfig, networkConfig } from "../network/config.ts";
import { NUMBER_LOSSES, type NumberLossName } from "../network/losses/losses.ts";
import { checkSizes } from "../network/shapes.ts";
import { quote } from "../printable.ts";
import { Random, STREAMS } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import { calendarColumns } from "../series/calendar.ts";
import type { Series } from "../series/series.ts";
import { findStep, type TimeStep } from "../series/time_steps.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import type { ForecastModel } from "./form.ts";
import { forecastShapes, initForecaster } from "./network.ts";
import { columnScaling } from "./scaling.ts";
import { bestSeason, seasonsOf } from "./advice.ts";
import { columnOf, placeOfSeries, requireSeries, rowsOf, type SeriesPart } from "./series.ts";

/** Options of {@linkcode createForecaster}, including those of the network. */
export interface ForecastOptions extends
  Partial<
    Pick<
      NetworkConfig,
      "cell" | "activation" | "hidden" | "layers" | "dropout" | "recurrentDropout"
    >
  > {
  /** The columns to forecast. Default: all that are not `features` or `knownAhead`. */
  targets?: readonly string[];
  /** Columns that help and are known up to now. Default: none. */
  features?: readonly string[];
  /** Columns that help and are also known for the horizon, such as promotions. Default: none. */
  knownAhead?: readonly string[];
  /** Whether to read the hour, weekday, day of the year or month of each row. Default: false. */
  calendar?: boolean;
  /** The forecast horizon in rows. Default: 12. */
  horizon?: number;
  /** The rows to read, a multiple of the segment. Default: four horizons, or as many as fit. */
  window?: number;
  /** The rows in one time step of the network. Default: the largest number up to 24 that fits. */
  segment?: number;
  /**
   * The season in rows; 1 for none. If there are several, such as 24 and 168 hours, the naive
   * forecast uses the one that repeats best. Default: found by autocorrelation.
   */
  season?: number | readonly number[];
  /** The loss of forecasts. Default: `"absolute"`. */
  loss?: NumberLossName;
  /** The quantiles to predict with each forecast, between 0 and 1. Default: 0.05 and 0.95. */
  quantiles?: readonly number[];
  /** Whether to forecast the logarithm of the targets, which must be above 0. Default: false. */
  log?: boolean;
  /** The seed of the weights. Default: 1. */
  seed?: number;
}

const OPTIONS = Object.keys(
  {
    cell: true,
    activation: true,
    hidden: true,
    layers: true,
    dropout: true,
    recurrentDropout: true,
    targets: true,
    features: true,
    knownAhead: true,
    calendar: true,
    horizon: true,
    window: true,
    segment: true,
    season: true,
    loss: true,
    quantiles: true,
    log: true,
    seed: true,
  } satisfies Record<keyof ForecastOptions, true>,
);

// Settings of a forecaster's network that are not options.
const SETTLED = { bidirectional: false, embedding: 0, frozen: false, head: "last" } as const;

/**
 * Creates an untrained model that forecasts such series: by default a GRU with a hidden size of 64.
 * Columns are scaled by the mean and the standard deviation of these series, which should be the
 * training part alone: see `splitSeries`.
 *
 * @param series One series, or several with the same columns.
 * @throws {InputError} If the series are too short, a column is missing, a target is constant, or
 *   an option is out of range.
 *
 * @example
 * ```ts
 * import { createForecaster } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const wave = Float64Array.from({ length: 96 }, (_, t) => Math.sin(t * Math.PI / 6));
 * const model = createForecaster([{ columns: ["wave"], values: [wave] }], { horizon: 6 });
 * assertEquals([model.targets, model.horizon, model.season], [["wave"], 6, 12]);
 * ```
 */
export function createForecaster(
  series: Sequence<Series>,
  options: ForecastOptions = {},
): ForecastModel {
  requireOptions("createForecaster()", options, OPTIONS);
  const first: SeriesPart | undefined = series.at(0);
  if (!first) throw new InputError("there are no series to learn from");
  for (const each of series) requireSeries(each);
  const { features = [], knownAhead = [], calendar = false, log = false, seed = 1 } = options;
  const { horizon = 12, loss = "absolute", quantiles = [0.05, 0.95] } = options;
  const beside = [...features, ...knownAhead];
  const targets = options.targets ?? first.columns.filter((name) => !beside.includes(name));
  const columns = [...targets, ...beside];
  checkColumns(first, targets, columns);
  requireBoolean("calendar", calendar);
  requireBoolean("log", log);
  requireOneOf("the loss", loss, NUMBER_LOSSES);
  checkQuantiles(quantiles);
  requireInteger("the horizon", horizon, 1);
  requireInteger("the seed", seed, 0);

  const parts = columns.map((name) => Array.from(series, (each) => columnOf(each, name)));
  for (const [c, name] of targets.entries()) requireVaried(first, name, parts[c], log);
  const scaling = columnScaling(parts, { targets, log });
  const seasons = options.season ?? seasonsOf(Array.from(series), targets);
  for (const each of [seasons].flat()) requireInteger("the season", each, 1);
  const season = bestSeason(parts.slice(0, targets.length), [seasons].flat(), horizon);
  const step = findStep(Array.from(series, ({ time = [] }) => time), "millisecond");
  const longest = Array.from(series, rowsOf).reduce((a, b) => Math.max(a, b), 0);
  const { window, segment } = windowOf(options, horizon, longest, placeOfSeries(first));

  const { cell = "gru", hidden = 64 } = options;
  const config = networkConfig({ ...options, cell, hidden, ...SETTLED });
  checkConfig(config);
  const shell = {
    task: "forecast" as const,
    config,
    vocabulary: [UNKNOWN],
    labels: [],
    columns,
    targets: [...targets],
    features: [...features],
    knownAhead: [...knownAhead],
    calendar: calendar ? calendarOf(first, step) : [],
    ...(step ? { step } : {}),
    horizon,
    window,
    segment,
    season,
    loss,
    quantiles: [...quantiles],
    log,
    scaling,
    naiveErrors: targets.map((_, c) => naiveError(parts[c], season)),
  };
  const shapes = forecastShapes(shell);
  checkSizes(config, shapes);
  return { ...shell, weights: initForecaster(shell, new Random(seed, STREAMS.weights)) };
}

function checkColumns(
  series: Series,
  targets: readonly string[],
  columns: readonly string[],
): void {
  const place = placeOfSeries(series);
  if (targets.length === 0) throw new InputError(`${place}there is no column to forecast`);
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InputError(
      `${place}the column ${
        quote(twice)
      } is named twice; a column is a target, a feature, or known ahead`,
    );
  }
}

/** Throws unless quantiles increase and are between 0 and 1. */
export function checkQuantiles(quantiles: readonly number[]): void {
  for (const [i, q] of quantiles.entries()) {
    if (q > 0 && q < 1 && !(i > 0 && q <= quantiles[i - 1])) continue;
    throw new InputError(
      `quantiles must be between 0 and 1 and increase, got ${quantiles.join(", ")}`,
    );
  }
}

/** Throws if a column is constant, or has no logarithm where one is needed. */
function requireVaried(
  series: Series,
  name: string,
  parts: readonly Float64Array[],
  log: boolean,
): void {
  const first = parts.find(({ length }) => length > 0)?.[0];
  const place = placeOfSeries(series);
  if (first === undefined) throw new InputError(`${place}there are no rows to learn from`);
  if (parts.every(({ length }) => length < 2)) {
    throw new InputError(`${place}one row is not a series; give one row per time step`);
  }
  if (parts.every((part) => part.every((value) => value === first))) {
    throw new InputError(
      `${place}the column ${quote(name)} is always ${first}; there is nothing to forecast`,
    );
  }
  const least = parts.reduce((a, part) => part.reduce((b, value) => Math.min(b, value), a), 1);
  if (log && !(least > 0)) {
    throw new InputError(
      `${place}the column ${quote(name)} has ${least}, which has no logarithm; forecast it ` +
        "without the logarithm",
    );
  }
}

const LONGEST_SEGMENT = 24, WINDOWS = 4; // rows; the default window in horizons

/** Returns the window and the segment: those given, or those that fit. */
function windowOf(
  options: ForecastOptions,
  horizon: number,
  rows: number,
  place: string,
): { window: number; segment: number } {
  if (options.window !== undefined) requireInteger("the window", options.window, 1);
  if (options.segment !== undefined) requireInteger("the segment", options.segment, 1);
  const most = Math.max(1, Math.min(LONGEST_SEGMENT, horizon, options.window ?? Infinity));
  let segment = options.segment ?? most;
  while (
    options.segment === undefined && options.window !== undefined && options.window % segment > 0
  ) segment--;
  const least = options.window ?? segment;
  if (least + horizon > rows) {
    throw new InputError(
      `${place}a horizon of ${horizon} and a window of ${least} need at least ` +
        `${least + horizon} rows, but there are ${rows}; give more rows, or a shorter horizon`,
    );
  }
  const room = Math.min(WINDOWS * horizon, Math.max(segment, (rows - horizon) >> 1));
  const window = options.window ?? segment * Math.max(1, Math.floor(room / segment));
  if (window % segment > 0) {
    throw new InputError(
      `the window must be a multiple of the segment, ${segment}, got ${window}`,
    );
  }
  return { window, segment };
}

/** Returns the calendar features for times at this step. */
function calendarOf(series: Series, step: TimeStep | undefined): string[] {
  if (step) return calendarColumns(step);
  throw new InputError(
    `${placeOfSeries(series)}the calendar needs times, but there are none; name the time column`,
  );
}

/** Returns the mean absolute difference of values a season apart; NaN if all are too short. */
function naiveError(parts: readonly Float64Array[], season: number): number {
  let sum = 0, count = 0;
  for (const part of parts) {
    for (let t = season; t < part.length; t++) {
      sum += Math.abs(part[t] - part[t - season]);
      count++;
    }
  }
  return count > 0 ? sum / count : NaN;
}
