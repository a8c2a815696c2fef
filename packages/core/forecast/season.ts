/**
 * How many rows make a season.
 *
 * @module
 */

const MOST_ROWS = 20_000, LONGEST = 1000; // the last rows that are looked at, and lags
const CLEAR = 0.3; // an autocorrelation that noise does not have
const NEARLY = 0.9; // of the highest: two seasons correlate as well as one

/**
 * The season of some columns by autocorrelation: of the peaks of the mean autocorrelation of their
 * differences, the first that is nearly the highest; 1 where none is clear.
 */
export function findSeason(columns: readonly Float64Array[]): number {
  const curves = columns.map((column) => autocorrelation(differences(column.slice(-MOST_ROWS))));
  const lags = Math.min(...curves.map(({ length }) => length));
  const mean = Float64Array.from(
    { length: Math.max(0, lags) },
    (_, lag) => curves.reduce((sum, curve) => sum + curve[lag], 0) / curves.length,
  );
  const peaks: number[] = [];
  for (let lag = 2; lag + 1 < mean.length; lag++) {
    if (mean[lag] >= CLEAR && mean[lag] >= mean[lag - 1] && mean[lag] > mean[lag + 1]) {
      peaks.push(lag);
    }
  }
  const highest = Math.max(...peaks.map((lag) => mean[lag]));
  return peaks.find((lag) => mean[lag] >= NEARLY * highest) ?? 1;
}

/** x_t - x_{t-1}, without which a trend would hide the season. */
function differences(x: Float64Array): Float64Array {
  return x.subarray(1).map((value, t) => value - x[t]);
}

/** The autocorrelation of x at each lag, up to a third of its length. */
function autocorrelation(x: Float64Array): Float64Array {
  const lags = Math.min(LONGEST, Math.floor(x.length / 3) + 1);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const centered = x.map((value) => value - mean);
  const variance = centered.reduce((sum, value) => sum + value * value, 0) || 1;
  return Float64Array.from({ length: lags }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < centered.length; t++) sum += centered[t] * centered[t - lag];
    return sum / variance;
  });
}
