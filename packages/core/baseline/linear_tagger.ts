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
  words: Iterable<readonly number[]>,
  columnOf: (bucket: number) => number | undefined,
): SparseRows {
  const starts = [0], columns: number[] = [], values: number[] = [];
  for (const buckets of words) {
    const start = columns.length;
    for (const bucket of buckets) {
      const column = columnOf(bucket);
      if (column !== undefined) columns.push(column);
    }
    const value = LENGTH / Math.sqrt(columns.length - start);
    for (let k = start; k < columns.length; k++) values.push(value);
    starts.push(columns.length);
  }
  return {
    starts: Uint32Array.from(starts),
    columns: Uint32Array.from(columns),
    values: Float32Array.from(values),
  };
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
