/**
 * Forecasts that go only a part of the way: where little can be known, as of a random walk, the last
 * value is a better forecast than what a network makes of noise. A fraction of its move away from the
 * last value is then better than all of it (shrinkage; Stein 1956). It is taken within the head:
 *
 *     ŷ - x_L = s Why + b_y        so that a times Why and b_y give a times the move;
 *     ŷ_q keeps its distance from ŷ
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { ForecastModel } from "./form.ts";

/** Lets forecasts go a part of the way from the last value, in place. */
export function shrinkTo(model: ForecastModel, reach: number): void {
  const { segment, quantiles, weights } = model;
  const width = segment * (1 + quantiles.length);
  const shrunk = (all: FloatArray) => {
    const less = all.slice();
    for (let row = 0; row < all.length; row += width) {
      for (let at = 0; at < width; at++) less[row + at] -= (1 - reach) * all[row + at % segment];
    }
    return less;
  };
  model.weights = { ...weights, Why: shrunk(weights.Why), by: shrunk(weights.by) };
}
