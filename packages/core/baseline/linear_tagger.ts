/**
 * A linear classifier of the words of texts: the logits of their tags.
 *
 * @module
 */
import { type LinearClassifier, logitsOfRows } from "./linear.ts";
import { columnsOf, type SparseRows } from "./tfidf.ts";
import { featureVisitor, MOST_FEATURES } from "./word_features.ts";

/** A linear classifier of words beside their neighbors. */
export type LinearTagger = LinearClassifier<"context">;

const LENGTH = 2; // of a row: with 1 the weights learn too slowly, with 4 they are no better

/** Takes the features of words, one after the other. */
export interface FeatureRows {
  /** Adds a feature to the row; one without a column is left out. */
  add(column: number | undefined): void;
  /** Ends the row. */
  end(): void;
  /** The rows that have ended. */
  rows(): SparseRows;
}

/**
 * Makes rows of features, all with the same number in each column, so that each row has the same
 * length.
 *
 * @param sizes How many rows there are at most, and how many features of all together.
 */
export function featureRows(sizes: { rows: number; features: number }): FeatureRows {
  const starts = new Uint32Array(sizes.rows + 1), columns = new Uint32Array(sizes.features);
  const values = new Float32Array(sizes.features);
  let size = 0, row = 0;
  return {
    add(column) {
      if (column !== undefined) columns[size++] = column;
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

/** The rows of words whose features are there. */
export function rowsOfWords(
  words: readonly (readonly number[])[],
  columnOf: (bucket: number) => number | undefined,
): SparseRows {
  const features = words.reduce((sum, { length }) => sum + length, 0);
  const made = featureRows({ rows: words.length, features });
  for (const buckets of words) {
    for (const bucket of buckets) made.add(columnOf(bucket));
    made.end();
  }
  return made.rows();
}

/** Gives logits of the words of texts, a row for each: x W + b. */
export function taggerLogits(
  { ngrams, weight, bias }: LinearTagger,
): (texts: Iterable<readonly string[]>) => Float64Array<ArrayBuffer> {
  const [columns] = columnsOf(ngrams), visit = featureVisitor();
  return (texts) => {
    const all = Array.from(texts);
    const words = all.reduce((sum, { length }) => sum + length, 0);
    const made = featureRows({ rows: words, features: MOST_FEATURES * words });
    for (const text of all) visit(text, (bucket) => made.add(columns.get(bucket)), made.end);
    return logitsOfRows(made.rows(), weight, bias);
  };
}

/** The declarations of this file, for modules that are written with them in. */
export const linearTaggerSource = () => ({
  featureRows,
  taggerLogits,
  LENGTH,
});
