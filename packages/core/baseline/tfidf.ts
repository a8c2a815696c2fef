/**
 * The tf-idf weights of n-grams, as sparse rows.
 *
 * @module
 */
import { BUCKETS, type FeatureKind, type NgramKind, visitNgrams } from "./ngrams.ts";

/** The n-grams of a kind that a model knows, with their inverse document frequencies. */
export interface NgramIndex<K extends FeatureKind = NgramKind> {
  /** The kind of the n-grams. */
  kind: K;
  /** The buckets of the n-grams, in ascending order. */
  buckets: Float32Array<ArrayBuffer>;
  /** The inverse document frequency of each: ln((1 + texts) / (1 + texts that have it)) + 1. */
  idf: Float32Array<ArrayBuffer>;
}

/** Sparse rows (compressed sparse row format). */
export interface SparseRows {
  /** The index of each row's first number, followed by the count of all numbers. */
  starts: Uint32Array;
  /** The column of each number. */
  columns: Uint32Array;
  /** The numbers other than zero. */
  values: Float32Array<ArrayBuffer>;
}

/** The n-grams of texts with their counts: text by text, and in a text kind by kind. */
export interface CountedTexts {
  /** The kinds of the n-grams. */
  kinds: readonly NgramKind[];
  /** The index of the first n-gram of each text and kind, followed by the count of all n-grams. */
  starts: Uint32Array;
  /** The bucket of each n-gram. */
  buckets: Uint32Array<ArrayBuffer>;
  /** The number of occurrences of each n-gram in its text. */
  counts: Uint32Array<ArrayBuffer>;
}

// A sparse set (Briggs and Torczon 1993): the possible index of each bucket among those found.
// Stale entries of earlier texts are recognized by a check, so the array is never cleared.
let placeOf: Uint32Array | undefined;

/**
 * Counts the n-grams of texts without creating garbage, so that each text is read only once.
 *
 * @param expected About how many n-grams there will be: growing to fit takes twice the memory.
 */
export function countTexts(
  texts: Iterable<string>,
  kinds: readonly NgramKind[],
  expected = 1024,
): CountedTexts {
  const starts = [0];
  let size = 0, buckets = new Uint32Array(expected), counts = new Uint32Array(expected);
  const places = bucketTable();
  let start = 0; // the first n-gram of the current text and kind
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

/**
 * Returns a table of a number for each bucket, with numbers of earlier uses: filling a new one is
 * slow, because each of its pages is new. It is valid until texts are counted again.
 */
export function bucketTable(): Uint32Array {
  return placeOf ??= new Uint32Array(BUCKETS);
}

function grown(numbers: Uint32Array<ArrayBuffer>, room: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(numbers.buffer.transfer(numbers.BYTES_PER_ELEMENT * room));
}

/** For each kind, a function from a bucket to its column; -1 for an unknown n-gram. */
export type Columns = ((bucket: number) => number)[];

/** Assigns a column to each n-gram: kind by kind, in the order of the indexes. */
export function columnsOf(indexes: readonly NgramIndex<FeatureKind>[]): Columns {
  let next = 0;
  return indexes.map(({ buckets }) => {
    // About as many ranges of buckets as n-grams: a table of all buckets would take 8 MB, whose
    // first use is slow, and for a million n-grams, a map would take ten times the memory.
    const first = next, shift = Math.max(0, Math.clz32(buckets.length) - 11);
    const starts = new Uint32Array((BUCKETS >> shift) + 1);
    next += buckets.length;
    for (const bucket of buckets) starts[(bucket >> shift) + 1]++;
    for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1];
    return (bucket) => {
      const end = starts[(bucket >> shift) + 1];
      let k = starts[bucket >> shift];
      while (k < end && buckets[k] !== bucket) k++;
      return k < end ? first + k : -1;
    };
  });
}

/**
 * Computes the tf-idf weights of texts, (1 + ln count) idf, normalized so that the weights of each
 * kind have the same norm and a whole row has the norm 1.
 */
export function weighTexts(
  texts: Iterable<string>,
  indexes: readonly NgramIndex[],
  columns: Columns = columnsOf(indexes),
): SparseRows {
  return weighCounted(countTexts(texts, indexes.map(({ kind }) => kind)), indexes, columns);
}

/** Computes the tf-idf weights of counted n-grams of the same kinds; overwrites their arrays. */
export function weighCounted(
  { starts, buckets, counts }: CountedTexts,
  indexes: readonly NgramIndex[],
  columns: Columns = columnsOf(indexes),
): SparseRows {
  const kinds = indexes.length, rows = (starts.length - 1) / kinds;
  const out = new Uint32Array(rows + 1);
  // Reuses the arrays, which may take 100 MB: writing never overtakes reading.
  const places = buckets, values = new Float32Array(counts.buffer);
  const weights = new Float64Array(longestOf(starts));
  let size = 0;
  for (let row = 0; row < rows; row++) {
    let first = 0; // the first column of the kind
    for (const [i, { idf }] of indexes.entries()) {
      const start = size, at = row * kinds + i;
      let squares = 0;
      for (let k = starts[at]; k < starts[at + 1]; k++) {
        const column = columns[i](buckets[k]);
        if (column < 0) continue;
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

/** Frees rows, which may take 100 MB, immediately. */
export function freeRows({ starts, columns, values }: SparseRows): void {
  free(starts, columns, values);
}

/** Frees arrays immediately instead of at the next garbage collection; they become unusable. */
export function free(...arrays: { buffer: ArrayBufferLike }[]): void {
  const buffers = arrays.map(({ buffer }) => buffer as ArrayBuffer);
  for (const buffer of new Set(buffers)) buffer.transfer(0);
}

/** Returns the length of the longest row. */
function longestOf(starts: Uint32Array): number {
  return starts.reduce((most, start, i) => i === 0 ? 0 : Math.max(most, start - starts[i - 1]), 0);
}

/** The declarations of this file that exported modules contain. */
export const tfidfSource = () => ({
  countTexts,
  bucketTable,
  grown,
  weighTexts,
  weighCounted,
  longestOf,
});
