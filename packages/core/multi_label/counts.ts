/**
 * Counts of true and predicted labels, with precision, recall and F1.
 *
 * @module
 */

/** The counts of each label. */
export interface LabelCounts {
  /** The number of examples that have it. */
  actual: Float64Array;
  /** The number of examples that it is predicted for. */
  predicted: Float64Array;
  /** The number of examples that have it and are predicted to. */
  right: Float64Array;
}

/** Precision, recall and F1. */
export interface Rates {
  /** The fraction of predicted labels that are right; NaN if none is predicted. */
  precision: number;
  /** The fraction of true labels that are predicted; NaN if there is none. */
  recall: number;
  /** The harmonic mean of both, 2 TP / (2 TP + FP + FN); NaN for 0 / 0. */
  f1: number;
}

/** Counts labels in rows of outputs; a label is predicted if its output reaches its boundary. */
export function countLabels(
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  labels: number,
  boundaries: ArrayLike<number>,
): LabelCounts {
  const zeros = () => new Float64Array(labels);
  const counts: LabelCounts = { actual: zeros(), predicted: zeros(), right: zeros() };
  for (let i = 0; i < targets.length; i++) {
    const label = i % labels, isGiven = outputs[i] >= boundaries[label], isThere = targets[i] === 1;
    if (isThere) counts.actual[label]++;
    if (isGiven) counts.predicted[label]++;
    if (isGiven && isThere) counts.right[label]++;
  }
  return counts;
}

/** Computes precision, recall and F1 from counts. */
export function ratesOf(actual: number, predicted: number, right: number): Rates {
  return {
    precision: right / predicted,
    recall: right / actual,
    f1: 2 * right / (predicted + actual),
  };
}

/** Computes the micro averages over all labels, in which frequent labels count most. */
export function microOf({ actual, predicted, right }: LabelCounts, unseen = 0): Rates {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  return ratesOf(sum(actual) + unseen, sum(predicted), sum(right));
}
