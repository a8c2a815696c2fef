/**
 * Batches of sentences of words on a device; where letters are read, with each distinct word as a
 * sentence of letters.
 *
 * @module
 */
import type { Ops } from "../backend.ts";
import { takesAnyShape } from "../ops/fused.ts";
import type { Random } from "../random.ts";
import type { Spellings } from "../text/spellings.ts";
import { type Batch, createBatch, createTable } from "./batch.ts";
import { packedPlaces } from "./cells/packing.ts";
import type { NetworkConfig } from "./config.ts";
import { lettersConfig } from "./letters.ts";
import { createPackedBatch } from "./packed_batch.ts";

/**
 * Maximum number of elements in an embedding whose gradient is dense. With a dense gradient Adam
 * keeps moving words that a batch lacks, as with torch.nn.Embedding: +1.4 points on 2,000 tagged
 * sentences. For a larger embedding, that would take longer than the rest of a step.
 */
const MAX_DENSE = 2 ** 22;

/**
 * Creates a batch from sentences, like {@linkcode createBatch}.
 *
 * @param vocabulary The vocabulary size; or if letters are read, the spellings that the sentences'
 *   ids stand for. Then the batch's `words` are indices into its distinct spellings.
 * @param places The positions of words, for a packed batch, see {@linkcode packedPlaces}.
 */
export function createTextBatch(
  ops: Ops,
  config: NetworkConfig,
  sentences: readonly Int32Array[],
  vocabulary: number | Spellings,
  timeSteps: number = longestOf(sentences),
  places?: Int32Array,
): Batch {
  const batchOf = (config: NetworkConfig, sentences: readonly Int32Array[], words: number) =>
    places
      ? createPackedBatch(ops, config, sentences, words, timeSteps, places)
      : createBatch(ops, config, sentences, words, timeSteps);
  if (typeof vocabulary === "number") return batchOf(config, sentences, vocabulary);
  const index = new Map<number, number>(), different: number[] = [];
  const spellingOf = (id: number) => {
    const known = index.get(id);
    if (known !== undefined) return known;
    index.set(id, different.length);
    return different.push(id) - 1;
  };
  const spelled = sentences.map((sentence) => sentence.map(spellingOf));
  const letters = different.map(vocabulary.lettersOf);
  // Rounded up to a power of two: devices that compile sizes into their kernels then see few sizes.
  const count = takesAnyShape(ops)
    ? Math.max(1, different.length)
    : 2 ** Math.ceil(Math.log2(Math.max(1, different.length)));
  while (letters.length < count) letters.push(new Int32Array(0));
  const words = new Int32Array(count).fill(-1);
  words.set(different.map(vocabulary.wordOf));
  // The table lists the words of spellings, not the positions of a text.
  const batch = batchOf({ ...config, frozen: true, projection: 0 }, spelled, count);
  const isWhole = config.frozen || vocabulary.words * config.embedding <= MAX_DENSE;
  return {
    ...batch,
    ...(isWhole ? {} : { table: createTable(ops, words, vocabulary.words) }),
    spelled: {
      words: ops.indices(words, vocabulary.words),
      letters: createLetterBatch(ops, config, letters, vocabulary.letters),
    },
  };
}

function longestOf(sentences: readonly Int32Array[]): number {
  return sentences.reduce((most, { length }) => Math.max(most, length), 1);
}

/** Creates a batch of words as sentences of letters, without padding if the backend needs none. */
function createLetterBatch(
  ops: Ops,
  config: NetworkConfig,
  words: readonly Int32Array[],
  letters: number,
): Batch {
  const own = lettersConfig(config);
  const longest = longestOf(words);
  if (!takesAnyShape(ops)) {
    return createBatch(ops, own, words, letters, 2 ** Math.ceil(Math.log2(longest)));
  }
  const places = packedPlaces(words, longest);
  return places
    ? createPackedBatch(ops, own, words, letters, longest, places)
    : createBatch(ops, own, words, letters, longest);
}

// A word seen once is unknown in one batch of five, a word seen ten times in one of forty.
const UNKNOWN_RATE = 0.25;

/**
 * Returns the spellings with rare words randomly marked as unknown, with probability
 * 0.25 / (0.25 + count), so that training learns to recognize unknown words by their letters.
 *
 * @param counts The number of occurrences of each word in the training examples.
 */
export function hideRareWords(
  spellings: Spellings,
  counts: Float64Array,
  random: Random,
): Spellings {
  const drawn = new Map<number, number>();
  return {
    ...spellings,
    wordOf(id) {
      const word = spellings.wordOf(id);
      const known = drawn.get(word);
      if (known !== undefined) return known;
      const isHidden = random.uniform() < UNKNOWN_RATE / (UNKNOWN_RATE + counts[word]);
      drawn.set(word, isHidden ? 0 : word);
      return drawn.get(word)!;
    },
  };
}
