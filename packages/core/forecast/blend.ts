/**
 * Weighted means of a network's forecast and a naive one. If little can be predicted, as in a
 * random walk, the last value is a better forecast than a network that has fitted noise; and a mean
 * of two forecasts is often better than either (Bates and Granger 1969, "The combination of
 * forecasts"):
 *
 *     ŷ = w network + (1 - w) naive        quantiles keep their distance from ŷ
 *
 * @module
 */
import type { Blend, ForecastForm } from "./form.ts";
import { lastValue, seasonalNaive } from "./naive.ts";

/** The naive forecasts that a network's forecast may be blended with. */
export const BLENDED: readonly Blend["naive"][] = ["last value", "seasonal naive"];

/** Returns whether a model's window is long enough for a naive forecast. */
export function isWithinWindow(naive: Blend["naive"], { season, window }: ForecastForm): boolean {
  return naive !== "seasonal naive" || season > 1 && season <= window;
}

/** Returns a naive forecast of a column from the rows before `origin`. */
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
 * Blends the forecasts of a window with the model's naive forecast, in place.
 *
 * @param values The forecast of each row of the horizon, then as many values for each quantile.
 * @param column The values of the target, from which the naive forecast is made.
 * @param origin The first row of the horizon.
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
