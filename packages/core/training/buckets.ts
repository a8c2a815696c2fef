/**
 * From examples to batches of like length.
 *
 * @module
 */
import type { Random } from "../random.ts";

/** An example as the network sees it. */
export interface EncodedExample {
  /** The ids of the words or symbols that it reads. */
  words: Int32Array;
  /** The id of its label; of a tagger and of texts predicted symbol by symbol, one for each step. */
  labels: Int32Array;
}

/** Examples that make a step together. */
export interface Bucket {
  /** The examples; those without words are padding. */
  examples: EncodedExample[];
  /** How many steps there is room for. */
  timeSteps: number;
}

// So many batches are sorted by length together: enough that padding costs little, few enough that
// batches stay different from epoch to epoch.
const SORTED_TOGETHER = 16;

const PADDING: EncodedExample = { words: new Int32Array(0), labels: new Int32Array(0) };

/**
 * The batches of an epoch. With a generator in a random order, each of sentences of like length;
 * without, in the order given. A batch has room for one of few lengths, and the last is filled up,
 * so that few shapes come by.
 */
export function drawBatches(
  examples: readonly EncodedExample[],
  batchSize: number,
  random?: Random,
): Bucket[] {
  const order = [...examples];
  random?.shuffle(order);
  if (random && batchSize > 1) {
    const span = SORTED_TOGETHER * batchSize;
    for (let start = 0; start < order.length; start += span) {
      const some = order.slice(start, start + span);
      some.sort((a, b) => a.words.length - b.words.length);
      for (const [i, example] of some.entries()) order[start + i] = example;
    }
  }
  const batches: Bucket[] = [];
  for (let start = 0; start < order.length; start += batchSize) {
    const some = order.slice(start, start + batchSize);
    const longest = some.reduce((most, { words }) => Math.max(most, words.length), 1);
    while (some.length < Math.min(batchSize, examples.length)) some.push(PADDING);
    batches.push({ examples: some, timeSteps: batchSize > 1 ? roomFor(longest) : longest });
  }
  if (batchSize > 1) random?.shuffle(batches);
  return batches;
}

/** Lengths up to 8 as they are, then in steps of an eighth to a quarter. */
export function roomFor(length: number): number {
  if (length <= 8) return length;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}
