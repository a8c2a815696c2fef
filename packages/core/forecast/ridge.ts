/**
 * Ridge regression: a linear map from a window to the horizon, a baseline for networks.
 *
 * @module
 */

/** A linear map from windows to horizons. */
export interface LinearForecaster {
  /** Returns the forecasts for the rows from `origin` on. */
  forecast(values: Float64Array, origin: number): Float64Array;
}

/** The sums in the normal equations. */
interface Moments {
  /** The number of windows. */
  count: number;
  /** Σ x_i x_j over all windows, for i in the window, j from i to the horizon's end. */
  products: Float64Array[];
  /** Σ x_i. */
  sums: Float64Array;
}

// λ per window: the one with the smallest error on the last fifth of the rows is used.
const LAMBDAS = [1e-6, 1e-3, 1e-1];
const HELD_OUT = 0.2, MOST_TRIED = 300; // fraction of the rows; number of windows

/**
 * Fits a linear map to all windows of some columns, with the window's last value subtracted:
 *
 *     f_i = x_i - x_L, g_k = x_{L+k} - x_L       i = 1 … L - 1, k = 1 … T
 *     B   = (Σ f fᵀ + λ I)⁻¹ Σ f gᵀ              both minus their means, which give the intercept
 *
 * @returns Undefined if the columns are too short.
 */
export function fitRidge(
  columns: readonly Float64Array[],
  window: number,
  horizon: number,
): LinearForecaster | undefined {
  const least = window + horizon;
  const long = columns.filter(({ length }) => length >= 2 * least);
  if (long.length === 0 || window < 2) return undefined;
  const earlier = long.map((column) =>
    column.subarray(0, Math.max(least, Math.floor(column.length * (1 - HELD_OUT))))
  );
  const moments = momentsOf(earlier, window, horizon);
  let best = LAMBDAS[0], lowest = Infinity;
  for (const lambda of LAMBDAS) {
    const error = errorOn(solve(moments, window, horizon, lambda), long, earlier, horizon);
    if (error < lowest) [best, lowest] = [lambda, error];
  }
  return solve(momentsOf(long, window, horizon), window, horizon, best);
}

/** Returns the mean absolute error on the windows after the fitted rows. */
function errorOn(
  map: LinearForecaster,
  columns: readonly Float64Array[],
  fitted: readonly Float64Array[],
  horizon: number,
): number {
  let sum = 0, count = 0;
  for (const [c, column] of columns.entries()) {
    const first = fitted[c].length, last = column.length - horizon;
    const step = Math.max(1, Math.ceil((last - first + 1) * columns.length / MOST_TRIED));
    for (let origin = first; origin <= last; origin += step) {
      const values = map.forecast(column, origin);
      for (let k = 0; k < horizon; k++) sum += Math.abs(column[origin + k] - values[k]);
      count += horizon;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** Computes the sums over all windows; each product follows from the one a step before it. */
function momentsOf(columns: readonly Float64Array[], window: number, horizon: number): Moments {
  const width = window + horizon;
  const products = Array.from({ length: window }, () => new Float64Array(width));
  const sums = new Float64Array(width);
  let count = 0;
  for (const x of columns) {
    const windows = x.length - width + 1;
    count += windows;
    let above = new Float64Array(width); // Σ x_{i-1} x_j of this column
    for (let i = 0; i < window; i++) {
      const row = new Float64Array(width);
      for (let j = i; j < width; j++) {
        if (i > 0) {
          const gone = x[i - 1] * x[j - 1], come = x[windows + i - 1] * x[windows + j - 1];
          row[j] = above[j - 1] - gone + come;
        } else for (let t = 0; t < windows; t++) row[j] += x[t] * x[t + j];
        products[i][j] += row[j];
      }
      above = row;
    }
    for (let j = 0; j < width; j++) for (let t = 0; t < windows; t++) sums[j] += x[t + j];
  }
  return { count, products, sums };
}

/** Solves the normal equations by Cholesky decomposition. */
function solve(
  { count, products, sums }: Moments,
  window: number,
  horizon: number,
  lambda: number,
): LinearForecaster {
  const l = window - 1; // the index of the last value, and the number of features
  const at = (i: number, j: number) => i <= j ? products[i][j] : products[j][i];
  const mean = (j: number) => (sums[j] - sums[l]) / count;
  const moment = (i: number, j: number) =>
    at(i, j) - at(i, l) - at(l, j) + at(l, l) - count * mean(i) * mean(j);
  const G = Array.from(
    { length: l },
    (_, i) =>
      Float64Array.from({ length: l }, (_, j) => moment(i, j) + (i === j ? lambda * count : 0)),
  );
  const B = Array.from(
    { length: l },
    (_, i) => Float64Array.from({ length: horizon }, (_, k) => moment(i, window + k)),
  );
  // G = C Cᵀ, then C Z = B, then Cᵀ B = Z, in place.
  for (let i = 0; i < l; i++) {
    for (let j = 0; j <= i; j++) {
      const a = G[i], b = G[j];
      let sum = a[j];
      for (let k = 0; k < j; k++) sum -= a[k] * b[k];
      a[j] = i === j ? Math.sqrt(Math.max(sum, Number.EPSILON * count)) : sum / b[j];
    }
  }
  const subtract = (to: Float64Array, from: Float64Array, factor: number) => {
    for (let k = 0; k < horizon; k++) to[k] -= factor * from[k];
  };
  const divide = (row: Float64Array, by: number) => {
    for (let k = 0; k < horizon; k++) row[k] /= by;
  };
  for (let i = 0; i < l; i++) {
    for (let j = 0; j < i; j++) subtract(B[i], B[j], G[i][j]);
    divide(B[i], G[i][i]);
  }
  for (let i = l - 1; i >= 0; i--) {
    for (let j = i + 1; j < l; j++) subtract(B[i], B[j], G[j][i]);
    divide(B[i], G[i][i]);
  }
  const intercept = Float64Array.from({ length: horizon }, (_, k) => mean(window + k));
  for (let i = 0; i < l; i++) subtract(intercept, B[i], mean(i));
  return {
    forecast(values, origin) {
      const last = values[origin - 1], start = origin - window;
      const forecast = intercept.map((value) => value + last);
      for (let i = 0; i < l; i++) subtract(forecast, B[i], last - values[start + i]);
      return forecast;
    },
  };
}
