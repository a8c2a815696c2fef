/**
 * How long texts are.
 *
 * @module
 */

/** The middle one of some numbers, the upper of two; 0 of none. One text of any length does not move it. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
