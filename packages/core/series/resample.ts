/**
 * Resampling: series with another number of steps.
 *
 * @module
 */

/** Resamples a column to `length` steps by linear interpolation; returns it if it has that many. */
export function resampled(values: Float64Array, length: number): Float64Array {
  if (values.length === length) return values;
  return Float64Array.from({ length }, (_, i) => {
    const at = length > 1 ? i * (values.length - 1) / (length - 1) : 0;
    const from = Math.floor(at), to = Math.min(values.length - 1, from + 1);
    return values[from] + (at - from) * (values[to] - values[from]);
  });
}
