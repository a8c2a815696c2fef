/**
 * After how many steps a series repeats.
 *
 * @module
 */

/**
 * How alike a series and the same one some steps later are, for lags from 0 on:
 *
 *     r_k = Σ_t (v_t - m) (v_{t+k} - m) / Σ_t (v_t - m)²
 *
 * Missing numbers are left out. All zeros but for lag 0 where nothing changes.
 *
 * @param lags The largest lag.
 *
 * @example
 * ```ts
 * import { autocorrelation } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...autocorrelation(Float64Array.of(1, -1, 1, -1), 2)], [1, -0.75, 0.5]);
 * ```
 */
export function autocorrelation(values: Float64Array, lags: number): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const centered = values.map((value) => Number.isNaN(value) ? 0 : value - mean);
  const found = new Float64Array(lags + 1);
  for (let lag = 0; lag <= lags; lag++) {
    let sum = 0;
    for (let t = 0; t + lag < centered.length; t++) sum += centered[t] * centered[t + lag];
    found[lag] = sum;
  }
  const total = found[0];
  const isConstant = total <= 1e-20 * Math.max(1, mean * mean) * Math.max(1, known.length);
  for (let lag = 0; lag <= lags; lag++) found[lag] = isConstant ? 0 : found[lag] / total;
  found[0] = 1;
  return found;
}

const MAX_VALUES = 20_000; // the last ones: a season that they do not show is of no use
const MAX_LAG = 800; // hours of a month, days of two years
const MIN_LIKENESS = 0.1; // autocorrelation of a season
const ALMOST = 0.6; // of the best: then the shorter lag is the season, and the best a multiple of it

/**
 * The season of a series: after how many steps it repeats, by the autocorrelation of its
 * differences, which have no trend. 1 where it does not repeat.
 *
 * @param most The longest season to look for. Default: a third of the series, at most 800.
 *
 * @example
 * ```ts
 * import { findSeason } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const hours = Float64Array.from({ length: 500 }, (_, t) => t / 10 + 5 * Math.sin(t * Math.PI / 12));
 * assertEquals(findSeason(hours), 24);
 * assertEquals(findSeason(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)), 1);
 * ```
 */
export function findSeason(values: Float64Array, most = MAX_LAG): number {
  const some = values.subarray(Math.max(0, values.length - MAX_VALUES));
  const lags = Math.min(most + 1, Math.floor(some.length / 3));
  if (lags < 3) return 1;
  const changes = some.subarray(1).map((value, i) => value - some[i]);
  const likeness = autocorrelation(changes, lags);
  // Four deviations of what noise alone has.
  const least = Math.max(MIN_LIKENESS, 4 / Math.sqrt(changes.length));
  // Of a short lag less is expected than of a long one, as fewer products make up the latter.
  const whole = (lag: number) => likeness[lag] * changes.length / (changes.length - lag);
  const peaks: number[] = [];
  for (let lag = 2; lag < lags; lag++) {
    const isPeak = likeness[lag] > likeness[lag - 1] && likeness[lag] >= likeness[lag + 1];
    if (isPeak && likeness[lag] >= least && hasTrough(likeness, lag)) peaks.push(lag);
  }
  if (peaks.length === 0) return 1;
  const best = peaks.reduce((top, lag) => whole(lag) > whole(top) ? lag : top);
  // Noise moves the peak of many seasons by a step.
  const isMultiple = (lag: number) => Math.abs(best - Math.round(best / lag) * lag) <= 1;
  return peaks.find((lag) => isMultiple(lag) && whole(lag) >= ALMOST * whole(best))!;
}

const TROUGH = 0.5; // of a peak: what is as alike a step later is slow, and no season

/** Whether a series is less alike between one season and two. */
function hasTrough(likeness: Float64Array, lag: number): boolean {
  const between = likeness.subarray(lag + 1, 2 * lag);
  const isCut = between.length < lag >> 1; // too long to see
  return isCut || between.some((each) => each <= TROUGH * likeness[lag]);
}
