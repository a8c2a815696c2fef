/**
 * Statistics of text lengths.
 *
 * @module
 */

/** Returns the median, the upper one of two; 0 without numbers. Unlike a mean, it ignores outliers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
