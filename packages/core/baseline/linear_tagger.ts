/**
 * A linear classifier of the words of texts: the logits of their tags.
 *
 * @module
 */
import { type LinearClassifier, logitsOfRows } from "./linear.ts";
import { columnsOf, type SparseRows } from "./tfidf.ts";
import { featureReader } from "./word_features.ts";

/** A linear classifier of words beside their neighbors. */
export type LinearTagger = LinearClassifier<"context">;

const LENGTH = 2; // of a row: with 1 the weights learn too slowly, with 4 they are no better

/** Rows of features, all with the same number in each column, so that each row has the same length. */
export function featureRows(
  words: readonly (readonly number[])[],
  columnOf: (bucket: number) => number | undefined,
): SparseRows {
  const most = words.reduce((sum, { length }) => sum + length, 0);
  const starts = new Uint32Array(words.length + 1), columns = new Uint32Array(most);
  const values = new Float32Array(most);
  let size = 0;
  for (const [row, buckets] of words.entries()) {
    for (const bucket of buckets) {
      const column = columnOf(bucket);
      if (column !== undefined) columns[size++] = column;
    }
    const start = starts[row];
    values.fill(LENGTH / Math.sqrt(size - start), start, size);
    starts[row + 1] = size;
  }
  return { starts, columns: columns.subarray(0, size), values: values.subarray(0, size) };
}

/** Gives logits of the words of texts, a row for each: x W + b. */
export function taggerLogits(
  { ngrams, weight, bias }: LinearTagger,
): (texts: Iterable<readonly string[]>) => Float64Array<ArrayBuffer> {
  const [columns] = columnsOf(ngrams), featuresOf = featureReader();
  return (texts) => {
    const words = Array.from(texts).flatMap(featuresOf);
    return logitsOfRows(featureRows(words, (bucket) => columns.get(bucket)), weight, bias);
  };
}

/** The declarations of this file, for modules that are written with them in. */
export const linearTaggerSource = () => ({
  featureRows,
  taggerLogits,
  LENGTH,
});
