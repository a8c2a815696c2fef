/**
 * Statistics of text lengths.
 *
 * @module
 */

/** Returns the median, the upper one of two; 0 without numbers. Outliers do not affect it. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
