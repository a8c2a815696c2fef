/**
 * What of a picture tells most, where nothing is pointed at.
 *
 * @module
 */
import type { Look } from "./protocol.ts";

/** The word after which the verdict is farthest from the one before. */
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

/** The unit whose state varies most. */
export function liveliestUnit(
  { layers, config: { hidden }, words: all }: Look,
  layer: number,
): number {
  let most = -1, liveliest = 0;
  for (const [way, { states }] of layers[layer].entries()) {
    for (let unit = 0; unit < hidden; unit++) {
      let low = Infinity, high = -Infinity;
      for (let t = 0; t < all.length; t++) {
        low = Math.min(low, states[t * hidden + unit]);
        high = Math.max(high, states[t * hidden + unit]);
      }
      if (high - low > most) [most, liveliest] = [high - low, way * hidden + unit];
    }
  }
  return liveliest;
}
