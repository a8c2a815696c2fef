/**
 * A linear map from the words of a text to its number.
 *
 * @module
 */

/** b + Σ w over the different known words of a text; b has the place of unknown words, 0. */
export function mappedNumber(words: Int32Array, weights: ArrayLike<number>): number {
  let sum = weights[0];
  for (const id of new Set(words)) if (id > 0) sum += weights[id];
  return sum;
}
