/**
 * Confusion counts: how often each true label gets each predicted label.
 *
 * @module
 */

/** Counts of true labels, predicted labels and pairs of both. */
export interface PairCounts {
  /** For each label, the number of targets that have it. */
  actual: Float64Array<ArrayBuffer>;
  /** For each label, the number of targets that it is predicted for. */
  predicted: Float64Array<ArrayBuffer>;
  /** For each label, the number of targets that have it and are predicted to. */
  right: Float64Array<ArrayBuffer>;
  /** The true label, the predicted label and the count of each pair that occurs, in label order. */
  pairs: [actual: number, predicted: number, count: number][];
}

/** Counts true and predicted labels; -1 is the true label of a target whose label is not known. */
export function countPairs(
  actual: Int32Array,
  predicted: Int32Array,
  labels: number,
): PairCounts {
  const zeros = () => new Float64Array(labels);
  const counts: PairCounts = { actual: zeros(), predicted: zeros(), right: zeros(), pairs: [] };
  const found = new Map<number, number>(); // by actual * labels + predicted
  for (const [i, label] of actual.entries()) {
    counts.predicted[predicted[i]]++;
    if (label < 0) continue;
    counts.actual[label]++;
    if (predicted[i] === label) counts.right[label]++;
    const pair = label * labels + predicted[i];
    found.set(pair, (found.get(pair) ?? 0) + 1);
  }
  counts.pairs = [...found].sort(([a], [b]) => a - b)
    .map(([pair, count]) => [Math.floor(pair / labels), pair % labels, count]);
  return counts;
}

/** Returns the confusion matrix, `[actual][predicted]`. */
export function matrixOf({ actual, pairs }: PairCounts): number[][] {
  const matrix = Array.from(actual, () => new Array<number>(actual.length).fill(0));
  for (const [i, j, count] of pairs) matrix[i][j] = count;
  return matrix;
}
