/**
 * Sentences of words side by side on a device, and where letters are read, each different word of
 * them once, as a sentence of letters.
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
 * Numbers of an embedding up to which its gradient is dense, so that Adam goes on moving a word that
 * a batch lacks, as with torch.nn.Embedding: +1.4 points on 2,000 tagged sentences. Of a larger one
 * that would take longer than the rest of a step.
 */
const MAX_DENSE = 2 ** 22;

/**
 * Puts sentences side by side, as {@linkcode createBatch} does.
 *
 * @param vocabulary How many words there are; or where letters are read, what the sentences' ids
 *   stand for. Then the batch's `words` are places among its different spellings.
 * @param places Where padding is left out, see {@linkcode packedPlaces}.
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
  // A power of two, so that a device that builds sizes into its kernels meets few of them.
  const count = takesAnyShape(ops)
    ? Math.max(1, different.length)
    : 2 ** Math.ceil(Math.log2(Math.max(1, different.length)));
  while (letters.length < count) letters.push(new Int32Array(0));
  const words = new Int32Array(count).fill(-1);
  words.set(different.map(vocabulary.wordOf));
  // The table is one of spellings' words, not of the places of a text.
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

/** Words as sentences of letters, without padding where a backend needs none. */
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

// A word seen once is unknown in every fifth batch, one seen ten times in every fortieth.
const UNKNOWN_RATE = 0.25;

/**
 * The spellings with rare words unknown now and then, each with probability 0.25 / (0.25 + count),
 * so that training learns to read unknown words by their letters.
 *
 * @param counts How often each word stands in the training examples.
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
