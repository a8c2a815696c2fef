/**
 * Series brought to another number of steps.
 *
 * @module
 */

/** A column with another number of steps, on the line between those that there are. */
export function resampled(values: Float64Array, length: number): Float64Array {
  if (values.length === length) return values;
  return Float64Array.from({ length }, (_, i) => {
    const at = length > 1 ? i * (values.length - 1) / (length - 1) : 0;
    const from = Math.floor(at), to = Math.min(values.length - 1, from + 1);
    return values[from] + (at - from) * (values[to] - values[from]);
  });
}
