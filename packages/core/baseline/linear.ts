/**
 * A linear classifier on n-grams: the logits of texts.
 *
 * @module
 */
import type { FeatureKind, NgramKind } from "./ngrams.ts";
import { columnsOf, type NgramIndex, type SparseRows, weighTexts } from "./tfidf.ts";

/** A linear classifier on n-grams, for some labels. */
export interface LinearClassifier<K extends FeatureKind = NgramKind> {
  /** Its n-grams, for each kind. */
  ngrams: NgramIndex<K>[];
  /** A row for each n-gram, kind after kind, and a number in it for each label. */
  weight: Float32Array<ArrayBuffer>;
  /** A number for each label. */
  bias: Float32Array<ArrayBuffer>;
}

/** Gives logits of texts, a row for each: x W + b. */
export function linearLogits(
  { ngrams, weight, bias }: LinearClassifier,
): (texts: Iterable<string>) => Float64Array<ArrayBuffer> {
  const columns = columnsOf(ngrams);
  return (texts) => logitsOfRows(weighTexts(texts, ngrams, columns), weight, bias);
}

/** x W + b of sparse rows. */
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
