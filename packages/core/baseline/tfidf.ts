/**
 * The tf-idf weights of n-grams, as rows of few numbers.
 *
 * @module
 */
import { BUCKETS, type FeatureKind, type NgramKind, visitNgrams } from "./ngrams.ts";

/** Which n-grams of a kind are counted, and how rare they are. */
export interface NgramIndex<K extends FeatureKind = NgramKind> {
  /** What they are made of. */
  kind: K;
  /** Their buckets, rising. */
  buckets: Float32Array<ArrayBuffer>;
  /** The inverse document frequency of each: ln((1 + texts) / (1 + texts that have it)) + 1. */
  idf: Float32Array<ArrayBuffer>;
}

/** Rows of few numbers that are not zero. */
export interface SparseRows {
  /** Where each row begins among the numbers, and behind them their count. */
  starts: Uint32Array;
  /** The column of each number. */
  columns: Uint32Array;
  /** The numbers. */
  values: Float32Array<ArrayBuffer>;
}

/** The n-grams of texts, a row for each text: those of one kind after those of another. */
export interface CountedTexts {
  /** What they are made of. */
  kinds: readonly NgramKind[];
  /** Where those of each kind of each text begin, and behind them their count. */
  starts: Uint32Array;
  /** Their buckets. */
  buckets: Uint32Array<ArrayBuffer>;
  /** How often each stands in its text. */
  counts: Uint32Array<ArrayBuffer>;
}

// For each bucket where it may stand among those found (Briggs and Torczon 1993): what an earlier
// text has left there is found out by looking, so that no text clears it.
let placeOf: Uint32Array | undefined;

/** Counts the n-grams of texts, once for all that is made of them, and without garbage. */
export function countTexts(
  texts: Iterable<string>,
  kinds: readonly NgramKind[],
): CountedTexts {
  const starts = [0];
  let size = 0, buckets = new Uint32Array(1024), counts = new Uint32Array(1024);
  const places = placeOf ??= new Uint32Array(BUCKETS);
  let start = 0; // of this text and kind
  const count = (bucket: number) => {
    const place = places[bucket];
    if (place >= start && place < size && buckets[place] === bucket) {
      counts[place]++;
      return;
    }
    if (size === buckets.length) {
      buckets = grown(buckets, 2 * size);
      counts = grown(counts, 2 * size);
    }
    places[bucket] = size;
    buckets[size] = bucket;
    counts[size++] = 1;
  };
  for (const text of texts) {
    for (const kind of kinds) {
      start = size;
      visitNgrams(text, kind, count);
      starts.push(size);
    }
  }
  return { kinds, starts: Uint32Array.from(starts), buckets, counts };
}

function grown(numbers: Uint32Array<ArrayBuffer>, room: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(numbers.buffer.transfer(numbers.BYTES_PER_ELEMENT * room));
}

/** The columns of n-grams by bucket, for each kind. */
export type Columns = ReadonlyMap<number, number>[];

/** The column of each n-gram: kind after kind, in the order of the indexes. */
export function columnsOf(indexes: readonly NgramIndex<FeatureKind>[]): Columns {
  let next = 0;
  return indexes.map(({ buckets }) => {
    const columns = new Map<number, number>();
    for (const bucket of buckets) columns.set(bucket, next++);
    return columns;
  });
}

/**
 * The tf-idf weights of texts: (1 + ln count) idf. Those of each kind have the same length, and all
 * together the length 1.
 */
export function weighTexts(
  texts: Iterable<string>,
  indexes: readonly NgramIndex[],
  columns: Columns = columnsOf(indexes),
): SparseRows {
  return weighCounted(countTexts(texts, indexes.map(({ kind }) => kind)), indexes, columns);
}

/** The same of n-grams counted already, of the kinds of the indexes, in the place of their counts. */
export function weighCounted(
  { starts, buckets, counts }: CountedTexts,
  indexes: readonly NgramIndex[],
  columns: Columns = columnsOf(indexes),
): SparseRows {
  const kinds = indexes.length, rows = (starts.length - 1) / kinds;
  const out = new Uint32Array(rows + 1);
  // What is written is never ahead of what is read, and they may be a hundred megabytes.
  const places = buckets, values = new Float32Array(counts.buffer);
  const weights = new Float64Array(longestOf(starts));
  let size = 0;
  for (let row = 0; row < rows; row++) {
    let first = 0; // column of a kind
    for (const [i, { idf }] of indexes.entries()) {
      const start = size, at = row * kinds + i;
      let squares = 0;
      for (let k = starts[at]; k < starts[at + 1]; k++) {
        const column = columns[i].get(buckets[k]);
        if (column === undefined) continue;
        const value = (1 + Math.log(counts[k])) * idf[column - first];
        weights[size - start] = value;
        places[size++] = column;
        squares += value * value;
      }
      const length = Math.sqrt(squares * kinds);
      for (let k = start; k < size; k++) values[k] = weights[k - start] / length;
      first += idf.length;
    }
    out[row + 1] = size;
  }
  return { starts: out, columns: places.subarray(0, size), values: values.subarray(0, size) };
}

/** Frees rows, which may take a hundred megabytes, at once. */
export function freeRows({ starts, columns, values }: SparseRows): void {
  free(starts, columns, values);
}

/** Frees arrays that nobody reads again, rather than when garbage is next collected. */
export function free(...arrays: { buffer: ArrayBufferLike }[]): void {
  const buffers = arrays.map(({ buffer }) => buffer as ArrayBuffer);
  for (const buffer of new Set(buffers)) buffer.transfer(0);
}

/** How many numbers the longest row has. */
function longestOf(starts: Uint32Array): number {
  return starts.reduce((most, start, i) => i === 0 ? 0 : Math.max(most, start - starts[i - 1]), 0);
}

/** The declarations of this file, for modules that are written with them in. */
export const tfidfSource = () => ({
  countTexts,
  grown,
  columnsOf,
  weighTexts,
  weighCounted,
  longestOf,
});
