/**
 * Standardization: values scaled to mean 0 and standard deviation 1, column by column.
 *
 * @module
 */
import type { Series } from "./series.ts";

/** The mean and standard deviation of each column. A model keeps those of its training part. */
export interface Scaling {
  /** The mean of each column. */
  means: number[];
  /** The standard deviation of each column; 1 for a constant column. */
  deviations: number[];
}

const CONSTANT = 1e-12; // of the largest value: a smaller deviation is rounding

/**
 * Computes the mean and the standard deviation of each column over all steps of all series,
 * ignoring missing values (NaN).
 *
 * @example
 * ```ts
 * import { scaledValues, scalingOf } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = [Float64Array.of(1, 3), Float64Array.of(5, 5)];
 * const scaling = scalingOf([columns]);
 * assertEquals(scaling, { means: [2, 5], deviations: [1, 1] });
 * assertEquals(scaledValues(columns, scaling)[0], Float64Array.of(-1, 1));
 * ```
 */
export function scalingOf(
  all: Iterable<Series["values"]>,
): Scaling {
  const parts = [...all];
  const count = parts.reduce((most, { length }) => Math.max(most, length), 0);
  const scaling: Scaling = { means: [], deviations: [] };
  for (let column = 0; column < count; column++) {
    const { mean, deviation } = momentsOf(parts, column);
    scaling.means.push(mean);
    scaling.deviations.push(deviation);
  }
  return scaling;
}

function momentsOf(parts: readonly Series["values"][], column: number) {
  let sum = 0, count = 0, largest = 0;
  for (const values of parts) {
    for (const value of values[column]) {
      if (Number.isNaN(value)) continue;
      sum += value;
      largest = Math.max(largest, Math.abs(value));
      count++;
    }
  }
  const mean = count > 0 ? sum / count : 0;
  let squares = 0;
  for (const values of parts) {
    for (const value of values[column]) {
      if (!Number.isNaN(value)) squares += (value - mean) ** 2;
    }
  }
  const deviation = count > 0 ? Math.sqrt(squares / count) : 0;
  return { mean, deviation: deviation > CONSTANT * largest ? deviation : 1 };
}

/** Returns (v - mean) / deviation for each value of each column. */
export function scaledValues(
  values: Series["values"],
  { means, deviations }: Scaling,
): Float64Array[] {
  return values.map((column, i) => column.map((value) => (value - means[i]) / deviations[i]));
}

/** Returns v deviation + mean for each value of each column: undoes {@linkcode scaledValues}. */
export function unscaledValues(
  values: Series["values"],
  { means, deviations }: Scaling,
): Float64Array[] {
  return values.map((column, i) => column.map((value) => value * deviations[i] + means[i]));
}
