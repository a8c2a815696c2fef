/**
 * The word and the unit to show in detail while the visitor points at none.
 *
 * @module
 */
import type { Look } from "./picture_protocol.ts";

/** Returns the word after which the prediction differs most from the one before. */
export function turningWord({ probabilities, words: all }: Look): number {
  let most = -1, at = all.length - 1;
  for (let t = 1; t < probabilities.length; t++) {
    const change = probabilities[t].reduce(
      (sum, p, i) => sum + Math.abs(p - probabilities[t - 1][i]),
      0,
    );
    if (change > most) [most, at] = [change, t];
  }
  return at;
}

/** Returns the unit whose state varies most. */
export function mostActiveUnit(
  { layers, config: { hidden }, words: all }: Look,
  layer: number,
): number {
  let most = -1, chosen = 0;
  for (const [direction, { states }] of layers[layer].entries()) {
    for (let unit = 0; unit < hidden; unit++) {
      let low = Infinity, high = -Infinity;
      for (let t = 0; t < all.length; t++) {
        low = Math.min(low, states[t * hidden + unit]);
        high = Math.max(high, states[t * hidden + unit]);
      }
      if (high - low > most) [most, chosen] = [high - low, direction * hidden + unit];
    }
  }
  return chosen;
}
