/**
 * Linear taggers, and the logits of the words of texts.
 *
 * @module
 */
import { type LinearClassifier, logitsOfRows } from "./linear.ts";
import { columnsOf, type SparseRows } from "./tfidf.ts";
import { featureVisitor, MOST_FEATURES } from "./word_features.ts";

/** A linear classifier of words, on features of the word and its neighbors. */
export type LinearTagger = LinearClassifier<"context">;

const LENGTH = 2; // the norm of a row: with 1, training is too slow; with 4, it is no better

/** A builder of sparse rows from the features of words. */
export interface FeatureRows {
  /** Adds a feature to the current row; a negative one is unknown and ignored. */
  add(column: number): void;
  /** Ends the current row. */
  end(): void;
  /** Returns the rows that have ended. */
  rows(): SparseRows;
}

/**
 * Creates a builder of rows of features. All features of a row have the same value, and all rows
 * have the same norm.
 *
 * @param sizes The maximum number of rows, and of features in all rows.
 */
export function featureRows(sizes: { rows: number; features: number }): FeatureRows {
  const starts = new Uint32Array(sizes.rows + 1), columns = new Uint32Array(sizes.features);
  const values = new Float32Array(sizes.features);
  let size = 0, row = 0;
  return {
    add(column) {
      if (column >= 0) columns[size++] = column;
    },
    end() {
      const start = starts[row];
      values.fill(LENGTH / Math.sqrt(size - start), start, size);
      starts[++row] = size;
    },
    rows: () => ({
      starts: starts.subarray(0, row + 1),
      columns: columns.subarray(0, size),
      values: values.subarray(0, size),
    }),
  };
}

/** Returns the sparse rows of words, from the buckets of their features. */
export function rowsOfWords(
  words: readonly (readonly number[])[],
  columnOf: (bucket: number) => number,
): SparseRows {
  const features = words.reduce((sum, { length }) => sum + length, 0);
  const made = featureRows({ rows: words.length, features });
  for (const buckets of words) {
    for (const bucket of buckets) made.add(columnOf(bucket));
    made.end();
  }
  return made.rows();
}

/** Returns a function that computes the logits of words of texts, x W + b, `[words, labels]`. */
export function taggerLogits(
  { ngrams, weight, bias }: LinearTagger,
): (texts: Iterable<readonly string[]>) => Float64Array<ArrayBuffer> {
  const [columnOf] = columnsOf(ngrams), visit = featureVisitor();
  return (texts) => {
    const all = Array.from(texts);
    const words = all.reduce((sum, { length }) => sum + length, 0);
    const made = featureRows({ rows: words, features: MOST_FEATURES * words });
    for (const text of all) visit(text, (bucket) => made.add(columnOf(bucket)), made.end);
    return logitsOfRows(made.rows(), weight, bias);
  };
}

/** The declarations of this file that exported modules contain. */
export const linearTaggerSource = () => ({
  featureRows,
  taggerLogits,
  LENGTH,
});
