/**
 * Packed batches on a device: sentences of very different lengths, without most of the padding.
 *
 * @module
 */
import type { Ops } from "../backend.ts";
import { addPooling, type Batch, createTable, hasTable } from "./batch.ts";
import type { NetworkConfig } from "./config.ts";
import type { Packing } from "./cells/packing.ts";

/**
 * Creates a batch from sentences of any lengths, like {@linkcode createBatch}, except that the
 * inputs and outputs of layers have one row for each of the given positions.
 *
 * @param places The positions of words, see {@linkcode packedPlaces}.
 */
export function createPackedBatch(
  ops: Ops,
  config: NetworkConfig,
  sentences: readonly Int32Array[],
  words: number,
  timeSteps: number,
  places: Int32Array,
): Batch {
  const size = sentences.length, rows = timeSteps * size;
  const order = Int32Array.from(sentences, (_, i) => i)
    .sort((i, j) => sentences[j].length - sentences[i].length || i - j);
  const rank = new Int32Array(size);
  for (const [k, i] of order.entries()) rank[i] = k;
  const placeOf = (place: number) => place - place % size + rank[place % size];
  const wordAt = new Int32Array(rows).fill(-1);
  for (const [row, place] of places.entries()) if (place >= 0) wordAt[placeOf(place)] = row;
  const ids = places.map((place) =>
    place < 0 ? -1 : sentences[place % size][Math.floor(place / size)]
  );
  const rowOf = places.map((place) => place < 0 ? -1 : placeOf(place));
  const states = rows + size;
  const packing: Packing = {
    order: ops.indices(order, size),
    orderBack: ops.indices(rank, size),
    active: Array.from(
      { length: timeSteps },
      (_, t) => sentences.reduce((sum, { length }) => sum + Number(length > t), 0),
    ),
    words: ops.indices(wordAt, places.length),
    rows: ops.indices(rowOf, rows),
    before: ops.indices(rowOf, states),
    after: ops.indices(rowOf.map((row) => row < 0 ? -1 : row + size), states),
  };
  const ends = Int32Array.from(sentences, ({ length }, i) => length * size + rank[i]);
  const batch: Batch = {
    size,
    words: ops.indices(ids, words),
    last: ops.indices(ends, states),
    packing,
  };
  if (config.bidirectional) {
    const rowAt = new Int32Array(rows);
    for (const [row, place] of places.entries()) if (place >= 0) rowAt[place] = row;
    const mirror = places.map((place) => {
      if (place < 0) return -1;
      const i = place % size, t = (place - i) / size;
      return rowAt[(sentences[i].length - 1 - t) * size + i];
    });
    batch.mirror = ops.indices(mirror, places.length);
  }
  addPooling(
    ops,
    batch,
    config,
    sentences,
    () => places.map((place) => place < 0 ? -1 : place % size),
  );
  if (hasTable(config)) batch.table = createTable(ops, ids, words);
  return batch;
}
