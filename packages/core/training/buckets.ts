/**
 * From examples to batches of like length.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type Sequence, sequenceOf } from "../sequence.ts";
import { type EncodedExample, type EncodedSet, wordsAt } from "./encoded.ts";

/** Examples that make a step together. */
export interface Bucket {
  /** The examples; those without words are padding. */
  examples: EncodedExample[];
  /** How many steps there is room for. */
  timeSteps: number;
}

/** The batches of an epoch, made as they are asked for. */
export interface Buckets<B extends Bucket = Bucket> extends Sequence<B> {
  /** How many examples with words each has; of documents, how many symbols. */
  sizes: readonly number[];
}

// So many batches are sorted by length together: enough that padding costs little, few enough that
// batches stay different from epoch to epoch.
const SORTED_TOGETHER = 16;

const PADDING: EncodedExample = { words: new Int32Array(0), labels: new Int32Array(0) };

/** Which examples make each batch of an epoch, by their places. */
export interface BatchPlaces {
  /** How many batches there are. */
  length: number;
  /** The places of one batch's examples. */
  at(batch: number): Uint32Array;
}

/**
 * Which examples make each batch of an epoch. With a generator in a random order, each of sentences of
 * like length; without, in the order given.
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
      // Length and place in one number, so that equal lengths stay in their order.
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
 * The batches of an epoch, in the order of {@linkcode drawPlaces}. A batch has room for one of few
 * lengths, and the last is filled up, so that few shapes come by.
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

/** Lengths up to 8 as they are, then in steps of an eighth to a quarter. */
export function roomFor(length: number): number {
  if (length <= 8) return length;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}
