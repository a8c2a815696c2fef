/**
 * A linear map from the words of a text to its number.
 *
 * @module
 */

/** Computes b + Σ w over the distinct known words of a text; b is at id 0, the unknown word's. */
export function mappedNumber(words: Int32Array, weights: ArrayLike<number>): number {
  let sum = weights[0];
  for (const id of new Set(words)) if (id > 0) sum += weights[id];
  return sum;
}
