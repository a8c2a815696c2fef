/**
 * Linear classifiers on n-grams, and the logits of texts.
 *
 * @module
 */
import type { FeatureKind, NgramKind } from "./ngrams.ts";
import { columnsOf, type NgramIndex, type SparseRows, weighTexts } from "./tfidf.ts";

/** A linear classifier on n-grams. */
export interface LinearClassifier<K extends FeatureKind = NgramKind> {
  /** The n-grams of each kind. */
  ngrams: NgramIndex<K>[];
  /** The weights W, `[n-grams, labels]`, with the n-grams of one kind after another. */
  weight: Float32Array<ArrayBuffer>;
  /** The biases b, `[labels]`. */
  bias: Float32Array<ArrayBuffer>;
}

/** The number of texts whose rows are in memory at once. */
export const TOGETHER = 100;

/** Returns a function that computes the logits of texts, x W + b, `[texts, labels]`. */
export function linearLogits(
  { ngrams, weight, bias }: LinearClassifier,
): (texts: Iterable<string>) => Float64Array<ArrayBuffer> {
  const columns = columnsOf(ngrams);
  return (texts) => {
    const all = Array.from(texts), classes = bias.length;
    const logits = new Float64Array(all.length * classes);
    for (let i = 0; i < all.length; i += TOGETHER) { // rows of many texts would take much memory
      const rows = weighTexts(all.slice(i, i + TOGETHER), ngrams, columns);
      logits.set(logitsOfRows(rows, weight, bias), i * classes);
    }
    return logits;
  };
}

/** Computes the logits of sparse rows, x W + b, `[rows, labels]`. */
export function logitsOfRows(
  { starts, columns, values }: SparseRows,
  weight: Float32Array<ArrayBuffer>,
  bias: Float32Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const classes = bias.length, rows = starts.length - 1;
  const logits = new Float64Array(rows * classes);
  for (let i = 0; i < rows; i++) {
    const to = i * classes;
    for (let c = 0; c < classes; c++) logits[to + c] = bias[c];
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const from = columns[k] * classes;
      for (let c = 0; c < classes; c++) logits[to + c] += values[k] * weight[from + c];
    }
  }
  return logits;
}
