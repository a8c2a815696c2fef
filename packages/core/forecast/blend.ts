/**
 * Forecasts between a network's and a naive one. Where little can be known, as of a random walk, the
 * last value is a better forecast than what a network makes of noise; and a mean of two forecasts is
 * often better than either (Bates and Granger 1969, "The combination of forecasts"):
 *
 *     ŷ = w network + (1 - w) naive        quantiles keep their distance from ŷ
 *
 * @module
 */
import type { Blend, ForecastForm } from "./form.ts";
import { lastValue, seasonalNaive } from "./naive.ts";

/** The naive forecasts that a network's may be blended with. */
export const BLENDED: readonly Blend["naive"][] = ["last value", "seasonal naive"];

/** Whether a model reads as much as a naive forecast needs. */
export function isWithinWindow(naive: Blend["naive"], { season, window }: ForecastForm): boolean {
  return naive !== "seasonal naive" || season > 1 && season <= window;
}

/** A naive forecast of a column, from what stands before a row. */
export function naiveOf(
  naive: Blend["naive"],
  { horizon, season }: ForecastForm,
  values: Float64Array,
  origin: number,
): Float64Array {
  return naive === "last value"
    ? lastValue(values, origin, horizon)
    : seasonalNaive(values, origin, horizon, season);
}

/**
 * Blends the forecasts of a window, in place.
 *
 * @param values The forecast of each row of the horizon, and then for each quantile again as many.
 */
export function blend(
  form: ForecastForm,
  values: Float64Array,
  column: Float64Array,
  origin: number,
): void {
  if (!form.blend) return;
  const { naive, weight } = form.blend, { horizon } = form;
  const other = naiveOf(naive, form, column, origin);
  const moves = other.map((value, t) => (1 - weight) * (value - values[t]));
  for (let i = 0; i < values.length; i++) values[i] += moves[i % horizon];
}
