/**
 * The tf-idf weights of n-grams, as rows of few numbers.
 *
 * @module
 */
import { countNgrams, type FeatureKind, type NgramKind } from "./ngrams.ts";

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

/** The columns of n-grams by bucket, for each kind. */
export type Columns = ReadonlyMap<number, number>[];

/** The column of each n-gram: kind after kind, in the order of the indexes. */
export function columnsOf(indexes: readonly NgramIndex<FeatureKind>[]): Columns {
  let first = 0;
  return indexes.map(({ buckets }) => {
    const columns = new Map(Array.from(buckets, (bucket, i) => [bucket, first + i]));
    first += buckets.length;
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
  const starts = [0], places: number[] = [], values: number[] = [];
  for (const text of texts) {
    let first = 0; // column of a kind
    for (const [i, { kind, idf }] of indexes.entries()) {
      const start = places.length;
      let squares = 0;
      for (const [bucket, count] of countNgrams(text, kind)) {
        const column = columns[i].get(bucket);
        if (column === undefined) continue;
        const value = (1 + Math.log(count)) * idf[column - first];
        places.push(column);
        values.push(value);
        squares += value * value;
      }
      const length = Math.sqrt(squares * indexes.length);
      for (let k = start; k < values.length; k++) values[k] /= length;
      first += idf.length;
    }
    starts.push(places.length);
  }
  return {
    starts: Uint32Array.from(starts),
    columns: Uint32Array.from(places),
    values: Float32Array.from(values),
  };
}
