/**
 * Packed batches: sentences of very different lengths in one batch, without most of the padding.
 *
 * All ops outside the recurrence work row by row, so they only need the rows of words; the rows of
 * padding would add exact zeros to sums over rows. Within the recurrence, sentences are sorted from
 * longest to shortest, so that the sentences still active at a step are its first rows.
 *
 * @module
 */
import type { Indices } from "../../backend.ts";

/** Maps between the rows of words and the rows of the recurrence, on a device. */
export interface Packing {
  /** The sentence at each position of the recurrence's batch, `[size]`. */
  order: Indices;
  /** The inverse of `order`: the position of each sentence, `[size]`. */
  orderBack: Indices;
  /** The number of sentences that have a word at each step. */
  active: readonly number[];
  /** For each row of the recurrence, `[timeSteps * size]`, the row of its word; -1 for padding. */
  words: Indices;
  /** For each word, its row in the recurrence; -1 for the filler rows at the end. */
  rows: Indices;
  /** For each word, the row of the state before it among h_0 to h_n. */
  before: Indices;
  /** For each word, the row of the state after it among h_0 to h_n. */
  after: Indices;
}

// Packing must save enough rows to be worth the copies between the two orders of rows.
const MAX_KEPT = 7 / 8;

/**
 * Returns the positions t * size + i of all words, time-major, padded with -1 to a whole number of
 * steps so that few shapes occur; undefined if packing would save too little.
 */
export function packedPlaces(
  sentences: readonly Int32Array[],
  timeSteps: number,
): Int32Array | undefined {
  const size = sentences.length;
  const words = sentences.reduce((sum, { length }) => sum + length, 0);
  const steps = Math.ceil(words / size);
  if (steps === 0 || steps > MAX_KEPT * timeSteps) return undefined;
  const places = new Int32Array(steps * size).fill(-1);
  let row = 0;
  for (let t = 0; t < timeSteps; t++) {
    for (let i = 0; i < size; i++) if (t < sentences[i].length) places[row++] = t * size + i;
  }
  return places;
}
