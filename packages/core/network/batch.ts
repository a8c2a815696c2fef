/**
 * Batches of sentences on a device.
 *
 * @module
 */
import type { Indices, Ops, Tensor } from "../backend.ts";
import type { NetworkConfig } from "./config.ts";
import type { Packing } from "./cells/packing.ts";

/**
 * A batch of sentences on a device, time-major: word t of sentence i is at `t * size + i`. The
 * padding after a sentence's end is -1, whose one-hot row is all zeros.
 */
export interface Batch {
  /** The number of sentences. */
  size: number;
  /** Word ids, `[timeSteps * size]`. */
  words: Indices;
  /** The row of each sentence's last state h_n among the states, `[size]`. */
  last: Indices;
  /** For a second direction: for each position, its mirror image within the sentence. */
  mirror?: Indices;
  /** For `mean`, `max` and `mean-max`: the sentence of each position; -1 for padding. */
  sentence?: Indices;
  /** For `mean` and `mean-max`: 1 / length of each sentence, `[size, 1]`. */
  inverseLengths?: Tensor;
  /** For a trained or projected embedding: the distinct words, and the index of each position's. */
  table?: { rows: Indices; places: Indices };
  /** For letters: the distinct words that `words` and the table's `places` are indices into. */
  spelled?: SpelledWords;
  /** For batches without most of their padding, see `createPackedBatch`. */
  packing?: Packing;
}

/** The distinct words of a batch, to be read letter by letter. */
export interface SpelledWords {
  /** The id of each distinct word, `[spellings]`. */
  words: Indices;
  /** Their letters: one sentence per word. */
  letters: Batch;
}

/**
 * Creates a batch from sentences of any lengths.
 *
 * @param words The vocabulary size.
 * @param timeSteps The number of time steps to allocate. Default: the longest sentence's.
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

/** Whether batches need a table of distinct words, for an embedding's gradient or projection. */
export function hasTable({ embedding, frozen, projection }: NetworkConfig): boolean {
  return embedding > 0 && !frozen || Boolean(projection);
}

/**
 * Adds to a batch what pooling over time needs.
 *
 * @param sentenceAt Returns the sentence of each position; -1 for padding.
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

/** Returns all handles that a batch owns on the device. */
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

/** Uploads the distinct words among the ids, and for each position the index of its word. */
export function createTable(ops: Ops, ids: Int32Array, words: number): Batch["table"] {
  const { index, rows } = uploadRows(ops, [ids], words);
  return { rows, places: ops.indices(ids.map((id) => index.get(id) ?? -1), rows.length) };
}

/** Uploads the distinct words of sentences, and returns the index of each word among them. */
export function uploadRows(
  ops: Ops,
  sentences: readonly Int32Array[],
  words: number,
): { index: ReadonlyMap<number, number>; rows: Indices } {
  const index = new Map<number, number>();
  for (const ids of sentences) {
    for (const id of ids) if (id >= 0 && !index.has(id)) index.set(id, index.size);
  }
  // Rounded up to a power of two: devices that compile sizes into their kernels then see few sizes.
  const count = 2 ** Math.ceil(Math.log2(Math.max(1, index.size)));
  const rows = new Int32Array(count).fill(-1);
  for (const [id, row] of index) rows[row] = id;
  return { index, rows: ops.indices(rows, words) };
}
