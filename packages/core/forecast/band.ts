/**
 * Bands that hold as much as they say: conformalized quantile regression (Romano, Patterson and
 * Candès 2019, "Conformalized quantile regression"). A network's quantiles are too close where it
 * knows its data by heart, and too far where it has learned little; how far is measured on rows that
 * it has not learned. In the form of Kivaranovic, Johnson and Leeb (2020), what is corrected is the
 * distance of a quantile from the forecast, so that a band stays narrow where the network is sure:
 *
 *     d_q = |ŷ - ŷ_q| + ε               ε a small fraction of the mean distance
 *     e_i = ±(y_i - ŷ_i) / d_q,i        of the windows i that were held out; + above, - below
 *     f_q = the ⌈(n + 1) p⌉-th least of all e_i         p = q above, 1 - q below
 *     ŷ_q = ŷ ± f_q d_q
 *
 * Of many windows each step of the horizon has factors of its own. Of few all steps are pooled, and
 * both sides: then e_i is |y_i - ŷ_i| / d_q,i, and p is |2 q - 1|.
 *
 * @module
 */
import { BLENDED, isWithinWindow, naiveOf } from "./blend.ts";
import type { BandCalibration, Blend, ForecastForm, ForecastModel } from "./form.ts";
import { forecastWindows } from "./measure.ts";
import type { Uploaded } from "../task.ts";
import type { Sequence } from "../sequence.ts";
import { evenly, type Window } from "./windows.ts";

// Windows with fewer of which all steps of the horizon, and both sides of the forecast, have one
// factor; and with fewer of which there is nothing to say.
const FEW = 100, LEAST = 5;
const MOST_FACTORS = 2048; // 40 kB in a file
const MARGIN = 0.1; // of the mean distance
const WEIGHTS = [0, 0.25, 0.5, 0.75]; // of the network
// Of its error alone, by which a blend is clearly better; and by which one is better by chance, on
// rows of a single horizon.
const CLEARLY = 0.02, CHANCE = 0.5;

/** How many windows that do not overlap are enough for the ends of a band to be sure. */
export function windowsToBeSure(quantiles: readonly number[]): number {
  return Math.ceil(Math.max(...quantiles.map((q) => 1 / Math.min(q, 1 - q))) - 1);
}

/** Whether a quantile lies beside the forecast, and not on it. */
function isBeside(q: number): boolean {
  return q !== 0.5;
}

/** The forecasts of one target for windows that were not learned, beside what came. */
interface Measured {
  /** What came less the last value, row by row of each window. */
  moves: Float64Array[];
  /** The forecast less the last value. */
  forecasts: Float64Array[];
  /** The same of each naive forecast that it may be blended with. */
  naive: Float64Array[][];
  /** For each quantile its distance from the forecast. */
  distances: Float64Array[];
}

/** What windows that were not learned say of a model's forecasts. */
export interface Calibration {
  /** What its forecasts are to be blended with; none where they are better alone. */
  blend?: Blend;
  /** How the band is to be corrected then. */
  band: BandCalibration;
}

/**
 * What windows that it has not learned say of a model; none where there are too few.
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

/** The naive forecasts that a model can be blended with. */
function namesOf(model: ForecastModel): Blend["naive"][] {
  return BLENDED.filter((name) => isWithinWindow(name, model));
}

/** The blend with the least error; none unless it is clearly better than the network alone. */
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
    // The last value is what a network that knows nothing should say; a season of few rows is chance.
    const isPlain = naive === "last value";
    const bound = alone * (1 - Math.max(CLEARLY, isPlain ? 0 : CHANCE / Math.sqrt(apart)));
    for (const weight of WEIGHTS) {
      const error = errorOf(at, weight);
      if (error < bound && error < least) [best, least] = [{ naive, weight }, error];
    }
  }
  return best;
}

/** Puts blended forecasts in the place of the network's. */
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

/** The factors and margins of each quantile. */
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

/** The first step of a part of the horizon. */
function firstOf(part: number, parts: number, horizon: number): number {
  return Math.ceil(part * horizon / parts);
}

function meanOf(rows: readonly Float64Array[], start: number, count: number): number {
  let sum = 0;
  for (const row of rows) for (let i = start; i < start + count; i++) sum += row[i];
  return sum / (rows.length * count);
}

/** As many digits as say anything. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** The quantile of scores with the correction for how many windows there are; none is below 0. */
function factorOf(scores: number[], p: number, windows: number): number {
  scores.sort((a, b) => a - b);
  const rank = Math.ceil(scores.length * p * (windows + 1) / windows);
  return Math.max(0, scores[Math.min(scores.length, rank) - 1]);
}

/** Brings quantiles into their order: those below 0.5 under the forecast, the others above it. */
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

/** Quantiles in their order, and corrected where the model says by how much. */
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

/** The declarations of this file, for modules that are written with them in. */
export const bandSource = () => ({
  correctBand,
  orderQuantiles,
  isBeside,
});
