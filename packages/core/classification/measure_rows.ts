/**
 * Losses and probabilities of rows of logits.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { argmax } from "../network/loss.ts";

/** Replaces losses by those of combined logits, which are ln p: -ln p of the true labels. */
export function rightLosses(
  y: FloatArray,
  losses: FloatArray,
  places: Uint32Array,
  { truth, starts }: { truth: Int32Array; starts: Uint32Array },
  classes: number,
): void {
  let row = 0;
  for (const i of places) {
    for (let k = starts[i]; k < starts[i + 1]; k++, row++) {
      if (truth[k] >= 0) losses[row] = -y[row * classes + truth[k]];
    }
  }
}

/** Returns the largest probability of a row of logits, by softmax. */
export function largestProbability(logits: FloatArray, row: number, classes: number): number {
  const start = row * classes, largest = logits[start + argmax(logits, row, classes)];
  let sum = 0;
  for (let j = start; j < start + classes; j++) sum += Math.exp(logits[j] - largest);
  return 1 / sum;
}
