/**
 * Seasonality: after how many steps a series repeats.
 *
 * @module
 */

/**
 * Returns the autocorrelation of a series at lags 0 to `lags`:
 *
 *     r_k = Σ_t (v_t - m) (v_{t+k} - m) / Σ_t (v_t - m)²
 *
 * Missing values (NaN) are ignored. A constant series has 1 at lag 0, and 0 elsewhere.
 *
 * @param lags The largest lag, in steps.
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

const MAX_VALUES = 20_000; // only the last ones are read: a season of older values does not help
const MAX_LAG = 800; // steps: about a month of hours, or two years of days
const MIN_LIKENESS = 0.1; // the lowest autocorrelation of a season
const ALMOST = 0.6; // of the best peak: then a shorter lag is the season, and the best its multiple
const AT_LEAST = 0.4; // of the best peak, if the values change no more after the shorter lag
const SHORT = 6; // steps; nearly every lag is close to a multiple of a lag below this
const MULTIPLES = 4; // of a lag, compared to choose between the lag and its neighbors
const SCALES = [1, 2, 4, 8]; // how many values are averaged
const CLEAR = 0.6; // autocorrelation from which no larger scale is tried
const ABOVE = 0.2; // how far a longer season's autocorrelation exceeds a shorter one's
const CLEARLY = 0.05; // a clear difference between the changes after two lags, as a fraction

/** The peaks in the autocorrelation of a series' differences. */
interface Peaks {
  /** The lags of the peaks. */
  lags: number[];
  /** Returns the autocorrelation at a lag, corrected for the number of products in its sum. */
  whole(lag: number): number;
}

/**
 * Finds the peaks in the autocorrelation of differences, each between the mean of `scale` values
 * and the mean of the `scale` values before them. Returns undefined if there are none.
 */
function peaksOf(values: Float64Array, most: number, scale: number): Peaks | undefined {
  const some = values.subarray(Math.max(0, values.length - MAX_VALUES));
  const end = Math.min(most + 1, Math.floor(some.length / 3));
  if (end < 3) return undefined;
  const changes = changesOf(some, scale);
  if (changes.length <= end) return undefined;
  const likeness = autocorrelation(changes, end);
  // Differences of overlapping means are correlated, which raises the noise.
  const noise = Math.sqrt((scale > 1 ? 1.5 * scale : 1) / changes.length);
  // Four standard deviations of the autocorrelation of pure noise.
  const least = Math.max(MIN_LIKENESS, 4 * noise);
  const lags: number[] = [];
  for (let lag = 2 * scale; lag < end; lag++) {
    const isPeak = likeness[lag] > likeness[lag - 1] && likeness[lag] >= likeness[lag + 1];
    if (isPeak && likeness[lag] >= least && hasTrough(likeness, lag)) lags.push(lag);
  }
  // The longer the lag, the fewer products are summed.
  const whole = (lag: number) => likeness[lag] * changes.length / (changes.length - lag);
  return lags.length > 0 ? { lags, whole } : undefined;
}

function changesOf(values: Float64Array, scale: number): Float64Array {
  const found = new Float64Array(Math.max(0, values.length - 2 * scale + 1));
  for (let t = 0; t < found.length; t++) {
    let sum = 0;
    for (let i = 0; i < scale; i++) sum += values[t + scale + i] - values[t + i];
    found[t] = sum;
  }
  return found;
}

/** Returns the lag with the highest corrected autocorrelation. */
function bestOf({ lags, whole }: Peaks): number {
  return lags.reduce((top, lag) => whole(lag) > whole(top) ? lag : top);
}

/**
 * Returns the peaks of the scale with the highest one: differences between single values or, if
 * noise hides those peaks, between means of several values, which show a slow wave.
 */
function clearestPeaks(values: Float64Array, most: number): Peaks | undefined {
  let clearest: Peaks | undefined, height = 0;
  for (const scale of SCALES) {
    const peaks = peaksOf(values, most, scale);
    const own = peaks ? peaks.whole(bestOf(peaks)) : 0;
    if (own > height) [clearest, height] = [peaks, own];
    if (height >= CLEAR) break;
  }
  return clearest;
}

/**
 * Returns the season of a series in steps, or 1 if the series does not repeat. The season comes
 * from the autocorrelation of the differences, which have no trend; if noise hides the peaks, of
 * the differences between means of up to 8 values.
 *
 * @param most The longest season to look for, in steps, up to a third of the series. Default: 800.
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
  const peaks = clearestPeaks(values, most);
  return peaks ? shortestOf(peaks, values) : 1;
}

/** Returns the season that the peaks show: the shortest lag that has the best one as a multiple. */
function shortestOf(peaks: Peaks, values: Float64Array): number {
  const { lags, whole } = peaks, best = bestOf(peaks);
  const bound = ALMOST * whole(best), least = changeAfter(values, best) * (1 + CLEARLY);
  // Noise can move a season's peak by one step.
  const peakAt = (lag: number) =>
    lags.find((each) => each === lag) ??
      (lag < SHORT ? undefined : lags.find((each) => Math.abs(each - lag) === 1));
  for (let parts = Math.floor(best / 2); parts > 1; parts--) {
    const lag = Math.round(best / parts), peak = peakAt(lag);
    if (peak === undefined || lag < SHORT && best % lag > 0) continue;
    // In a short series a peak may be low by chance, although values change no more after it.
    const isAlike = whole(peak) >= bound ||
      whole(peak) >= AT_LEAST * whole(best) && changeAfter(values, lag) <= least;
    if (isAlike) return aligned(values, lag);
  }
  return aligned(values, best);
}

/** Returns the lag, or the neighbor of it, after whose multiples the values change least. */
function aligned(values: Float64Array, lag: number): number {
  const most = Math.floor(values.length / 3);
  const changeOf = (step: number) => {
    let sum = 0, count = 0;
    for (let at = step; at <= most && count < MULTIPLES; at += step, count++) {
      sum += changeAfter(values, at);
    }
    return sum / count;
  };
  const best = [lag, lag - 1, lag + 1].filter((each) => each > 1 && each <= most)
    .reduce((a, b) => changeOf(b) < changeOf(a) ? b : a);
  return best === lag ? lag : aligned(values, best);
}

/**
 * Returns all seasons of a series in steps, the shortest first: the one that {@linkcode findSeason}
 * finds, and those multiples of it after which values are clearly more alike than after any shorter
 * one, such as 168 hours (a week) besides 24 (a day). Empty if the series does not repeat.
 *
 * @param most The longest season to look for, in steps, up to a third of the series. Default: 800.
 *
 * @example
 * ```ts
 * import { findSeasons } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const isWeekend = (t: number) => t % 168 >= 120;
 * const load = Float64Array.from(
 *   { length: 2000 },
 *   (_, t) => (isWeekend(t) ? 2 : 5) * Math.sin(t * Math.PI / 12),
 * );
 * assertEquals(findSeasons(load), [24, 168]);
 * ```
 */
export function findSeasons(values: Float64Array, most = MAX_LAG): number[] {
  const peaks = clearestPeaks(values, most);
  if (!peaks) return [];
  const { lags, whole } = peaks, shortest = shortestOf(peaks, values);
  const some = values.subarray(Math.max(0, values.length - MAX_VALUES));
  const clearly = 1 - Math.max(CLEARLY, 2 / Math.sqrt(some.length));
  const found = [shortest], end = Math.min(most, Math.floor(some.length / 3));
  let least = changeAfter(some, shortest), highest = whole(shortest);
  for (let lag = 2 * shortest; lag <= end; lag += shortest) {
    const change = changeAfter(some, lag);
    const likeness = lags.includes(lag) ? whole(lag) : 0;
    if (change < clearly * least || likeness > highest + ABOVE) found.push(lag);
    least = Math.min(least, change);
    highest = Math.max(highest, likeness);
  }
  return found;
}

/** Returns the mean absolute deviation of the changes after `lag` steps, which ignores a trend. */
function changeAfter(values: Float64Array, lag: number): number {
  const changes = values.subarray(lag).map((value, t) => value - values[t])
    .filter((change) => !Number.isNaN(change));
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return changes.length > 0
    ? changes.reduce((sum, change) => sum + Math.abs(change - mean), 0) / changes.length
    : Infinity;
}

const TROUGH = 0.5; // of a peak: a series that stays as alike after it is slow, not seasonal

/** Returns whether the autocorrelation drops between one season and two. */
function hasTrough(likeness: Float64Array, lag: number): boolean {
  const between = likeness.subarray(lag + 1, 2 * lag);
  const isCut = between.length < lag >> 1; // too few lags to tell
  return isCut || between.some((each) => each <= TROUGH * likeness[lag]);
}
