/**
 * Prediction bands with calibrated coverage: conformalized quantile regression (Romano, Patterson
 * and Candès 2019, "Conformalized quantile regression"). The quantiles of an overfitted network are
 * too close to the forecast, those of an undertrained one too far; held-out windows measure by how
 * much. In the form of Kivaranovic, Johnson and Leeb (2020), the distance of a quantile from the
 * forecast is scaled, so that a band stays narrow where the network is certain:
 *
 *     d_q = |ŷ - ŷ_q| + ε               ε a small fraction of the mean distance
 *     e_i = ±(y_i - ŷ_i) / d_q,i        for each held-out window i; + above, - below
 *     f_q = the ⌈(n + 1) p⌉-th smallest of the n e_i    p = q above, 1 - q below
 *     ŷ_q = ŷ ± f_q d_q
 *
 * With many windows, each step of the horizon has its own factors. With few, all steps and both
 * sides are pooled: then e_i is |y_i - ŷ_i| / d_q,i, and p is |2 q - 1|.
 *
 * @module
 */
import { BLENDED, isWithinWindow, naiveOf } from "./blend.ts";
import type { BandCalibration, Blend, ForecastForm, ForecastModel } from "./form.ts";
import { forecastWindows } from "./measure.ts";
import type { Uploaded } from "../task.ts";
import type { Sequence } from "../sequence.ts";
import { evenly, type Window } from "./windows.ts";

// With fewer windows than FEW, all steps of the horizon and both sides of the forecast share one
// factor; with fewer than LEAST, nothing is calibrated.
const FEW = 100, LEAST = 5;
const MOST_FACTORS = 2048; // 40 kB in a file
const MARGIN = 0.1; // of the mean distance
const WEIGHTS = [0, 0.25, 0.5, 0.75]; // of the network's forecast in a blend
// Fractions of the network's error: the gain of a clearly better blend, and the gain that chance
// may give on the rows of a single horizon.
const CLEARLY = 0.02, CHANCE = 0.5;

/** Returns how many non-overlapping windows it takes to calibrate the ends of a band reliably. */
export function windowsToBeSure(quantiles: readonly number[]): number {
  return Math.ceil(Math.max(...quantiles.map((q) => 1 / Math.min(q, 1 - q))) - 1);
}

/** Returns whether a quantile differs from the median, which is the forecast itself. */
function isBeside(q: number): boolean {
  return q !== 0.5;
}

/** The actual values and the forecasts of one target, window by window. */
interface Measured {
  /** For each window, the actual values minus the last value before them. */
  moves: Float64Array[];
  /** For each window, the forecast minus the last value. */
  forecasts: Float64Array[];
  /** For each window, each naive forecast minus the last value. */
  naive: Float64Array[][];
  /** For each window, the distances from the forecast: a horizon for each quantile. */
  distances: Float64Array[];
}

/** How held-out windows correct a model's forecasts. */
export interface Calibration {
  /** The blend with a naive forecast; absent if the network is better alone. */
  blend?: Blend;
  /** The correction of the band, after blending. */
  band: BandCalibration;
}

/**
 * Calibrates a model on held-out windows. Returns undefined if a target has fewer than five.
 */
export async function calibrationOf(
  on: Uploaded<ForecastModel>,
  windows: Sequence<Window>,
): Promise<Calibration | undefined> {
  const { model } = on, { targets } = model;
  const found = await measured(on, evenly(windows));
  const count = Math.min(...found.map(({ moves }) => moves.length));
  if (count < LEAST) return undefined;
  const apart = Math.ceil(windows.length / model.horizon);
  const blend = blendOf(model, found, apart);
  if (blend) blendAll(model, found, blend);
  const about = { windows: Math.round(windows.length / targets.length), apart };
  return { ...(blend && { blend }), band: { ...about, ...factorsOf(model, found, count) } };
}

async function measured(
  on: Uploaded<ForecastModel>,
  windows: Sequence<Window>,
): Promise<Measured[]> {
  const { horizon, quantiles, targets } = on.model;
  const found = targets.map((): Measured => ({
    moves: [],
    forecasts: [],
    naive: [],
    distances: [],
  }));
  for await (const forecasts of forecastWindows(on, windows)) {
    for (const { window: { series, target, origin }, values } of forecasts) {
      orderQuantiles(values, horizon, quantiles);
      const own = series.targets[target], last = own[origin - 1];
      found[target].moves.push(own.slice(origin, origin + horizon).map((value) => value - last));
      found[target].forecasts.push(values.slice(0, horizon).map((value) => value - last));
      found[target].naive.push(
        namesOf(on.model).map((name) =>
          naiveOf(name, on.model, own, origin).map((value) => value - last)
        ),
      );
      found[target].distances.push(
        values.slice(horizon).map((value, i) => Math.abs(value - values[i % horizon])),
      );
    }
  }
  return found;
}

/** Returns the naive forecasts that a model can be blended with. */
function namesOf(model: ForecastModel): Blend["naive"][] {
  return BLENDED.filter((name) => isWithinWindow(name, model));
}

/** Returns the blend with the smallest error, if it is clearly better than the network alone. */
function blendOf(
  model: ForecastModel,
  found: readonly Measured[],
  apart: number,
): Blend | undefined {
  const errorOf = (at: number, weight: number) => {
    let sum = 0;
    for (const { moves, forecasts, naive } of found) {
      for (const [i, move] of moves.entries()) {
        const own = forecasts[i], other = naive[i][at];
        for (let t = 0; t < move.length; t++) {
          sum += Math.abs(move[t] - weight * own[t] - (1 - weight) * other[t]);
        }
      }
    }
    return sum;
  };
  const alone = errorOf(0, 1);
  let best: Blend | undefined, least = alone;
  for (const [at, naive] of namesOf(model).entries()) {
    // A network that learned nothing should repeat the last value; a season may be chance.
    const isPlain = naive === "last value";
    const bound = alone * (1 - Math.max(CLEARLY, isPlain ? 0 : CHANCE / Math.sqrt(apart)));
    for (const weight of WEIGHTS) {
      const error = errorOf(at, weight);
      if (error < bound && error < least) [best, least] = [{ naive, weight }, error];
    }
  }
  return best;
}

/** Replaces the network's forecasts with blended ones, in place. */
function blendAll(model: ForecastModel, found: readonly Measured[], blend: Blend): void {
  const at = namesOf(model).indexOf(blend.naive), { weight } = blend;
  for (const { forecasts, naive } of found) {
    for (const [i, own] of forecasts.entries()) {
      for (let t = 0; t < own.length; t++) {
        own[t] = weight * own[t] + (1 - weight) * naive[i][at][t];
      }
    }
  }
}

/** Computes the factors and margins of each quantile. */
function factorsOf(
  { horizon, quantiles, targets }: ForecastModel,
  found: readonly Measured[],
  count: number,
): Pick<BandCalibration, "parts" | "factors" | "margins"> {
  const most = Math.floor(MOST_FACTORS / (targets.length * Math.max(1, quantiles.length)));
  const isFew = count < FEW;
  const parts = isFew ? 1 : Math.max(1, Math.min(horizon, most));
  const factors = quantiles.map((): number[] => []), margins = quantiles.map((): number[] => []);
  for (const { moves, forecasts, distances } of found) {
    for (const [k, q] of quantiles.entries()) {
      const margin = MARGIN * meanOf(distances, k * horizon, horizon);
      margins[k].push(rounded(margin));
      for (let part = 0; part < parts; part++) {
        const scores: number[] = [];
        for (const [i, move] of moves.entries()) {
          for (let t = firstOf(part, parts, horizon); t < firstOf(part + 1, parts, horizon); t++) {
            const error = move[t] - forecasts[i][t];
            const distance = distances[i][k * horizon + t] + margin;
            const side = isFew ? Math.abs(error) : q < 0.5 ? -error : error;
            scores.push(side / Math.max(distance, Number.MIN_VALUE));
          }
        }
        factors[k].push(
          isBeside(q)
            ? rounded(
              factorOf(scores, isFew ? Math.abs(2 * q - 1) : Math.max(q, 1 - q), moves.length),
            )
            : 1,
        );
      }
    }
  }
  return { parts, factors, margins };
}

/** Returns the first step of a part of the horizon. */
function firstOf(part: number, parts: number, horizon: number): number {
  return Math.ceil(part * horizon / parts);
}

function meanOf(rows: readonly Float64Array[], start: number, count: number): number {
  let sum = 0;
  for (const row of rows) for (let i = start; i < start + count; i++) sum += row[i];
  return sum / (rows.length * count);
}

/** Rounds to six digits, so that a file stays small. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Returns the p-quantile of the scores, corrected for the number of windows, and at least 0. */
function factorOf(scores: number[], p: number, windows: number): number {
  scores.sort((a, b) => a - b);
  const rank = Math.ceil(scores.length * p * (windows + 1) / windows);
  return Math.max(0, scores[Math.min(scores.length, rank) - 1]);
}

/** Makes quantiles monotonic in place, with those below 0.5 below the forecast, others above. */
export function orderQuantiles(
  values: Float64Array,
  horizon: number,
  quantiles: readonly number[],
): void {
  const middle = quantiles.filter((q) => q < 0.5).length;
  for (let t = 0; t < horizon; t++) {
    for (let k = middle, bound = values[t]; k >= 1; k--) {
      values[k * horizon + t] = bound = Math.min(bound, values[k * horizon + t]);
    }
    for (let k = middle + 1, bound = values[t]; k <= quantiles.length; k++) {
      values[k * horizon + t] = bound = Math.max(bound, values[k * horizon + t]);
    }
  }
}

/** Makes quantiles monotonic in place, and corrects them if the model is calibrated. */
export function correctBand(
  values: Float64Array,
  target: number,
  { horizon, quantiles, band }: Pick<ForecastForm, "horizon" | "quantiles" | "band">,
): void {
  orderQuantiles(values, horizon, quantiles);
  if (!band) return;
  const { parts, factors, margins } = band;
  for (const [k, q] of quantiles.entries()) {
    if (!isBeside(q)) continue;
    const side = q < 0.5 ? -1 : 1;
    for (let t = 0; t < horizon; t++) {
      const at = (k + 1) * horizon + t;
      const factor = factors[k][target * parts + Math.floor(t * parts / horizon)];
      values[at] = values[t] +
        side * factor * (Math.abs(values[at] - values[t]) + margins[k][target]);
    }
  }
  orderQuantiles(values, horizon, quantiles);
}

/** The declarations of this file that exported modules include. */
export const bandSource = () => ({
  correctBand,
  orderQuantiles,
  isBeside,
});
