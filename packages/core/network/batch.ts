/**
 * Sentences side by side on a device.
 *
 * @module
 */
import type { Indices, Ops, Tensor } from "../backend.ts";
import type { NetworkConfig } from "./config.ts";
import type { Packing } from "./cells/packing.ts";

/**
 * Sentences side by side on a device, time-major: word t of sentence i stands at
 * `t * size + i`. After a sentence's end stands -1, the word whose one-hot row is 0.
 */
export interface Batch {
  /** How many sentences there are. */
  size: number;
  /** Word ids, `[timeSteps * size]`. */
  words: Indices;
  /** The row of each sentence's own last state h_n among the states, `[size]`. */
  last: Indices;
  /** For a second direction: from each place to its mirror within the sentence. */
  mirror?: Indices;
  /** For `mean`, `max` and `mean-max`: the sentence of each place. */
  sentence?: Indices;
  /** For `mean` and `mean-max`: 1 / length of each sentence, `[size, 1]`. */
  inverseLengths?: Tensor;
  /** For an embedding that is trained or projected: the different words, and for each place which of them stands there. */
  table?: { rows: Indices; places: Indices };
  /** Where letters are read, the different spellings that `words` and the table's places stand for. */
  spelled?: SpelledWords;
  /** Where padding is left out, see `createPackedBatch`. */
  packing?: Packing;
}

/** The different spellings of a batch's words. */
export interface SpelledWords {
  /** The word of each, `[spellings]`. */
  words: Indices;
  /** Their letters: a sentence for each. */
  letters: Batch;
}

/**
 * Puts sentences of any lengths side by side.
 *
 * @param words How many words the vocabulary has.
 * @param timeSteps How many steps to make room for. Default: the longest sentence's.
 */
export function createBatch(
  ops: Ops,
  config: NetworkConfig,
  sentences: readonly Int32Array[],
  words: number,
  timeSteps: number = sentences.reduce((most, { length }) => Math.max(most, length), 1),
): Batch {
  const size = sentences.length;
  const places = (at: (sentence: Int32Array, t: number, i: number) => number) => {
    const out = new Int32Array(timeSteps * size).fill(-1);
    for (const [i, sentence] of sentences.entries()) {
      for (let t = 0; t < sentence.length; t++) out[t * size + i] = at(sentence, t, i);
    }
    return out;
  };
  const ids = places((sentence, t) => sentence[t]);
  const ends = sentences.map((sentence, i) => sentence.length * size + i); // h_0 comes first
  const batch: Batch = {
    size,
    words: ops.indices(ids, words),
    last: ops.indices(ends, (timeSteps + 1) * size),
  };
  if (config.bidirectional) {
    const mirror = places(({ length }, t, i) => (length - 1 - t) * size + i);
    batch.mirror = ops.indices(mirror, timeSteps * size);
  }
  addPooling(ops, batch, config, sentences, () => places((_, __, i) => i));
  if (hasTable(config)) batch.table = createTable(ops, ids, words);
  return batch;
}

/** Whether batches need their different words: for an embedding's gradient, or its projection. */
export function hasTable({ embedding, frozen, projection }: NetworkConfig): boolean {
  return embedding > 0 && !frozen || Boolean(projection);
}

/**
 * Adds what pooling over time asks for.
 *
 * @param sentenceAt Gives the sentence of each place.
 */
export function addPooling(
  ops: Ops,
  batch: Batch,
  { head }: Pick<NetworkConfig, "head">,
  sentences: readonly Int32Array[],
  sentenceAt: () => Int32Array,
): void {
  const isMean = head === "mean" || head === "mean-max";
  if (isMean || head === "max") batch.sentence = ops.indices(sentenceAt(), batch.size);
  if (isMean) {
    const inverse = sentences.map(({ length }) => 1 / Math.max(1, length));
    batch.inverseLengths = ops.tensor(inverse, [batch.size, 1]);
  }
}

/** All that a batch has on the device. */
export function batchHandles(batch: Batch): (Tensor | Indices)[] {
  const { words, last, mirror, sentence, inverseLengths, table, spelled, packing } = batch;
  const { order, orderBack, words: rowsOfWords, rows, before, after } = packing ?? {};
  const all = [
    ...[words, last, mirror, sentence, inverseLengths, table?.rows, table?.places, spelled?.words],
    ...[order, orderBack, rowsOfWords, rows, before, after],
    ...(spelled ? batchHandles(spelled.letters) : []),
  ];
  return all.filter((handle) => handle !== undefined);
}

/** The different words among the ids, and where they stand. */
export function createTable(ops: Ops, ids: Int32Array, words: number): Batch["table"] {
  const { index, rows } = uploadRows(ops, [ids], words);
  return { rows, places: ops.indices(ids.map((id) => index.get(id) ?? -1), rows.length) };
}

/** The place of each different word among all of them, and these on the device. */
export function uploadRows(
  ops: Ops,
  sentences: readonly Int32Array[],
  words: number,
): { index: ReadonlyMap<number, number>; rows: Indices } {
  const index = new Map<number, number>();
  for (const ids of sentences) {
    for (const id of ids) if (id >= 0 && !index.has(id)) index.set(id, index.size);
  }
  // A power of two, so that a device that builds sizes into its kernels meets few of them.
  const count = 2 ** Math.ceil(Math.log2(Math.max(1, index.size)));
  const rows = new Int32Array(count).fill(-1);
  for (const [id, row] of index) rows[row] = id;
  return { index, rows: ops.indices(rows, words) };
}
