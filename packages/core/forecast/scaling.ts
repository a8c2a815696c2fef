/**
 * From the numbers of a column to those that a network reads, and back.
 *
 * @module
 */

/** How a column is scaled; of the training part alone. */
export interface Scale {
  /** The mean, after the logarithm where one is taken. */
  mean: number;
  /** The standard deviation, after the logarithm where one is taken; 1 for a constant column. */
  deviation: number;
  /** Whether the logarithm is taken first: for what grows and swings in proportion. */
  log: boolean;
}

/** The scale of some numbers. */
export function scaleOf(parts: readonly Float64Array[], log = false): Scale {
  const of = (value: number) => log ? Math.log(value) : value;
  let count = 0, sum = 0;
  for (const part of parts) {
    for (const value of part) {
      sum += of(value);
      count++;
    }
  }
  const mean = sum / count;
  let squares = 0;
  for (const part of parts) for (const value of part) squares += (of(value) - mean) ** 2;
  const deviation = Math.sqrt(squares / count);
  return { mean, deviation: deviation > 0 ? deviation : 1, log };
}

/** Numbers as a network reads them. */
export function scaled(values: Float64Array, { mean, deviation, log }: Scale): Float64Array {
  return log
    ? values.map((value) => (Math.log(value) - mean) / deviation)
    : values.map((value) => (value - mean) / deviation);
}

/** A number as it was. */
export function unscaled(value: number, { mean, deviation, log }: Scale): number {
  const x = mean + deviation * value;
  return log ? Math.exp(x) : x;
}
