/**
 * Sentences of very different lengths side by side, without most of the padding.
 *
 * Everything but the recurrence goes row by row, and so over the places of words alone, in their
 * order: those of padding would add exact zeros to what is summed up over rows. In the recurrence
 * the longest sentence comes first, so that those that go on at a step are the first of its rows.
 *
 * @module
 */
import type { Indices } from "../../backend.ts";

/** Where the rows of words and those of the recurrence stand, on a device. */
export interface Packing {
  /** The sentence at each place of the recurrence's batch, `[size]`. */
  order: Indices;
  /** And back. */
  orderBack: Indices;
  /** How many sentences have a word at each step. */
  active: readonly number[];
  /** For each row of the recurrence, `[timeSteps * size]`, that of its word; -1 for padding. */
  words: Indices;
  /** For each word, its row in the recurrence; -1 where words are filled up. */
  rows: Indices;
  /** For each word, the row of the state before it among h_0 to h_n. */
  before: Indices;
  /** For each word, the row of the state after it among them. */
  after: Indices;
}

// What is left out must be worth the copies between the rows of words and those of the recurrence.
const MOST_KEPT = 7 / 8;

/**
 * The places t * size + i of all words, time-major, and behind them -1 up to a whole number of steps,
 * so that few shapes come by; undefined where that saves too little.
 */
export function packedPlaces(
  sentences: readonly Int32Array[],
  timeSteps: number,
): Int32Array | undefined {
  const size = sentences.length;
  const words = sentences.reduce((sum, { length }) => sum + length, 0);
  const steps = Math.ceil(words / size);
  if (steps === 0 || steps > MOST_KEPT * timeSteps) return undefined;
  const places = new Int32Array(steps * size).fill(-1);
  let row = 0;
  for (let t = 0; t < timeSteps; t++) {
    for (let i = 0; i < size; i++) if (t < sentences[i].length) places[row++] = t * size + i;
  }
  return places;
}
