/**
 * Groups examples into batches of similar length.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type Sequence, sequenceOf } from "../sequence.ts";
import { type EncodedExample, type EncodedSet, wordsAt } from "./encoded.ts";

/** The examples of one batch. */
export interface Bucket {
  /** The examples; examples without words are padding. */
  examples: EncodedExample[];
  /** The number of time steps in the batch, including padding. */
  timeSteps: number;
}

/** The batches of an epoch, created on access. */
export interface Buckets<B extends Bucket = Bucket> extends Sequence<B> {
  /** The number of examples with words in each batch; for documents, the number of symbols. */
  sizes: readonly number[];
}

// The number of batches sorted by length together: enough to keep padding low, few enough that
// batches differ from epoch to epoch.
const SORTED_TOGETHER = 16;

const PADDING: EncodedExample = { words: new Int32Array(0), labels: new Int32Array(0) };

/** The indices of the examples in each batch of an epoch. */
export interface BatchPlaces {
  /** The number of batches. */
  length: number;
  /** Returns the indices of one batch's examples. */
  at(batch: number): Uint32Array;
}

/**
 * Assigns examples to the batches of an epoch: with a generator in random order, where each batch
 * has sentences of similar length; without one, in the given order.
 */
export function drawPlaces(
  examples: EncodedSet,
  batchSize: number,
  random?: Random,
): BatchPlaces {
  const { length } = examples;
  const order = Uint32Array.from({ length }, (_, i) => i);
  random?.shuffle(order);
  if (random && batchSize > 1) {
    const span = SORTED_TOGETHER * batchSize;
    for (let start = 0; start < length; start += span) {
      // Packs length and position into one number, so that equal lengths keep their order.
      const some = Float64Array.from(
        order.subarray(start, start + span),
        (place, i) => wordsAt(examples, place) * span + i,
      ).sort();
      const places = order.slice(start, start + span);
      for (const [i, key] of some.entries()) order[start + i] = places[key % span];
    }
  }
  const starts = Array.from({ length: Math.ceil(length / batchSize) }, (_, i) => i * batchSize);
  if (batchSize > 1) random?.shuffle(starts);
  return {
    length: starts.length,
    at: (batch) => order.subarray(starts[batch], starts[batch] + batchSize),
  };
}

/**
 * Draws the batches of an epoch, in the order of {@linkcode drawPlaces}. Lengths are rounded up,
 * and the last batch is filled with padding, so that few different shapes occur.
 */
export function drawBatches(examples: EncodedSet, batchSize: number, random?: Random): Buckets {
  const places = drawPlaces(examples, batchSize, random);
  const bucket = (i: number): Bucket => {
    const some = Array.from(places.at(i), (place) => {
      const { words, labels, spellings } = examples.at(place)!;
      return { words, labels, ...(spellings && { spellings }) };
    });
    const longest = some.reduce((most, { words }) => Math.max(most, words.length), 1);
    while (some.length < Math.min(batchSize, examples.length)) some.push(PADDING);
    return { examples: some, timeSteps: batchSize > 1 ? roomFor(longest) : longest };
  };
  const sizes = Array.from({ length: places.length }, (_, i) => {
    let size = 0;
    for (const place of places.at(i)) if (wordsAt(examples, place) > 0) size++;
    return size;
  });
  return { ...sequenceOf(places.length, bucket), sizes };
}

/** Rounds a length up: unchanged up to 8, then in steps of 1/8 to 1/4 of the length. */
export function roomFor(length: number): number {
  if (length <= 8) return length;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}
