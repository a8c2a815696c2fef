/**
 * Baselines: forecasts without a network, to compare one with.
 *
 * @module
 */
import { fitRidge, type LinearForecaster } from "./ridge.ts";
import type { ForecastForm } from "./form.ts";
import { type PreparedSeries, prepareSeries, type Window } from "./windows.ts";
import type { SeriesPart } from "./series.ts";
import type { Sequence } from "../sequence.ts";

/** The names of the naive forecasts. */
export type NaiveName = "last value" | "seasonal naive" | "drift" | "ridge";

/** Forecasts a window, in scaled values. */
export type NaiveForecast = (window: Window) => Float64Array;

/** Repeats the last value. */
export function lastValue(values: Float64Array, origin: number, horizon: number): Float64Array {
  return new Float64Array(horizon).fill(values[origin - 1]);
}

/** Repeats the values of the last season, or the last value if there is no whole season yet. */
export function seasonalNaive(
  values: Float64Array,
  origin: number,
  horizon: number,
  season: number,
): Float64Array {
  if (season > origin) return lastValue(values, origin, horizon);
  return Float64Array.from({ length: horizon }, (_, t) => values[origin - season + t % season]);
}

/** Continues the straight line through the first and the last value of the window. */
export function drift(
  values: Float64Array,
  origin: number,
  horizon: number,
  window: number,
): Float64Array {
  const last = values[origin - 1];
  const slope = window > 1 ? (last - values[origin - window]) / (window - 1) : 0;
  return Float64Array.from({ length: horizon }, (_, t) => last + (t + 1) * slope);
}

/**
 * Returns the naive forecasts for some series. The ridge regression is fitted to the rows before
 * those that are forecast, and missing if they are too few.
 */
export function naiveForecasts(
  form: ForecastForm,
  series: Sequence<SeriesPart>,
): [name: NaiveName, forecast: NaiveForecast][] {
  const { horizon, season, window } = form;
  const of = (fn: (values: Float64Array, origin: number) => Float64Array): NaiveForecast => {
    return ({ series, target, origin }) => fn(series.targets[target], origin);
  };
  const ridge = ridgeOf(form, series);
  return [
    ["last value", of((values, origin) => lastValue(values, origin, horizon))],
    ["seasonal naive", of((values, origin) => seasonalNaive(values, origin, horizon, season))],
    ["drift", of((values, origin) => drift(values, origin, horizon, window))],
    ...(ridge ? [["ridge", of((values, origin) => ridge.forecast(values, origin))] as const] : []),
  ] as [NaiveName, NaiveForecast][];
}

/** Fits the ridge regression to the rows before those that are forecast. */
function ridgeOf(form: ForecastForm, series: Sequence<SeriesPart>): LinearForecaster | undefined {
  const columns = Array.from(series).flatMap((each): Float64Array[] => {
    const from = each.from ?? 0;
    const { targets }: PreparedSeries = from > 0
      ? prepareSeries({ ...form, features: [], knownAhead: [], calendar: [] }, each)
      : { series: each, targets: [], features: [], known: [] };
    return targets.map((target) => target.subarray(0, from));
  });
  return fitRidge(columns, form.window, form.horizon);
}
