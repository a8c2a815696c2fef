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
const AT_LEAST = 0.4; // of the best, where others stand for the lag
const SHORT = 6; // of whose multiples every lag is nearly one
const MULTIPLES = 4; // of a lag, that decide between it and its neighbors
const SCALES = [1, 2, 4, 8]; // values of a mean
const CLEAR = 0.6; // of autocorrelation, with which no other scale is needed
const ABOVE = 0.2; // the autocorrelation of a shorter season, by which a longer one stands out
const CLEARLY = 0.05; // of the change after a shorter season, by which that after a longer one is less

/** The autocorrelation of the differences of a series, and where it has peaks. */
interface Peaks {
  /** Their lags. */
  lags: number[];
  /** How alike the differences are that far apart, as if there were as many products of each lag. */
  whole(lag: number): number;
}

/**
 * The peaks of the differences between the means of some values and of as many before them; none
 * where there are no peaks.
 */
function peaksOf(values: Float64Array, most: number, scale: number): Peaks | undefined {
  const some = values.subarray(Math.max(0, values.length - MAX_VALUES));
  const end = Math.min(most + 1, Math.floor(some.length / 3));
  if (end < 3) return undefined;
  const changes = changesOf(some, scale);
  if (changes.length <= end) return undefined;
  const likeness = autocorrelation(changes, end);
  // As many neighbors share values.
  const noise = Math.sqrt((scale > 1 ? 1.5 * scale : 1) / changes.length);
  // Four deviations of what noise alone has.
  const least = Math.max(MIN_LIKENESS, 4 * noise);
  const lags: number[] = [];
  for (let lag = 2 * scale; lag < end; lag++) {
    const isPeak = likeness[lag] > likeness[lag - 1] && likeness[lag] >= likeness[lag + 1];
    if (isPeak && likeness[lag] >= least && hasTrough(likeness, lag)) lags.push(lag);
  }
  // Of a short lag less is expected than of a long one, as fewer products make up the latter.
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

/** The lag at which a series is most alike. */
function bestOf({ lags, whole }: Peaks): number {
  return lags.reduce((top, lag) => whole(lag) > whole(top) ? lag : top);
}

/**
 * The clearest peaks: those of differences from value to value or, where noise hides them, of means
 * of some values, which show a slow wave.
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
 * The season of a series: after how many steps it repeats, by the autocorrelation of its
 * differences, which have no trend; where noise hides them, of those of means of up to 8 values.
 * 1 where it does not repeat.
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
  const peaks = clearestPeaks(values, most);
  return peaks ? shortestOf(peaks, values) : 1;
}

/** The season that peaks show: of the best, the shortest lag that it is a multiple of. */
function shortestOf(peaks: Peaks, values: Float64Array): number {
  const { lags, whole } = peaks, best = bestOf(peaks);
  const bound = ALMOST * whole(best), least = changeAfter(values, best) * (1 + CLEARLY);
  // Noise moves the peak of a season by a step.
  const peakAt = (lag: number) =>
    lags.find((each) => each === lag) ??
      (lag < SHORT ? undefined : lags.find((each) => Math.abs(each - lag) === 1));
  for (let parts = Math.floor(best / 2); parts > 1; parts--) {
    const lag = Math.round(best / parts), peak = peakAt(lag);
    if (peak === undefined || lag < SHORT && best % lag > 0) continue;
    // Of few rows a peak may be low by chance, where values change no more after it.
    const isAlike = whole(peak) >= bound ||
      whole(peak) >= AT_LEAST * whole(best) && changeAfter(values, lag) <= least;
    if (isAlike) return aligned(values, lag);
  }
  return aligned(values, best);
}

/** Of a lag and its neighbors the one after whose multiples values change least. */
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
 * All seasons of a series, the shortest first: the one that {@linkcode findSeason} finds and, of its
 * multiples, those after which values are clearly more alike than after any shorter one, such as the
 * hours of a week beside those of a day. None where it does not repeat.
 *
 * @param most The longest season to look for. Default: a third of the series, at most 800.
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

/** The mean deviation of the changes after some steps: how far values differ but for a trend. */
function changeAfter(values: Float64Array, lag: number): number {
  const changes = values.subarray(lag).map((value, t) => value - values[t])
    .filter((change) => !Number.isNaN(change));
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return changes.length > 0
    ? changes.reduce((sum, change) => sum + Math.abs(change - mean), 0) / changes.length
    : Infinity;
}

const TROUGH = 0.5; // of a peak: what is as alike a step later is slow, and no season

/** Whether a series is less alike between one season and two. */
function hasTrough(likeness: Float64Array, lag: number): boolean {
  const between = likeness.subarray(lag + 1, 2 * lag);
  const isCut = between.length < lag >> 1; // too long to see
  return isCut || between.some((each) => each <= TROUGH * likeness[lag]);
}
