/**
 * How often each label is given, and given rightly.
 *
 * @module
 */

/** Of each label. */
export interface LabelCounts {
  /** How many examples have it. */
  actual: Float64Array;
  /** To how many it is given. */
  predicted: Float64Array;
  /** To how many of those that have it. */
  right: Float64Array;
}

/** Precision, recall and F1. */
export interface Rates {
  /** Of the labels given, the fraction that is right; NaN where none is given. */
  precision: number;
  /** Of the labels that are there, the fraction that is given; NaN where there is none. */
  recall: number;
  /** The harmonic mean of both, 2 TP / (2 TP + FP + FN); NaN for 0 / 0. */
  f1: number;
}

/** Counts labels, given to examples from the boundary of each on, a row for each example. */
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

/** The figures of counts. */
export function ratesOf(actual: number, predicted: number, right: number): Rates {
  return {
    precision: right / predicted,
    recall: right / actual,
    f1: 2 * right / (predicted + actual),
  };
}

/** The figures over all labels together, so that frequent ones count most. */
export function microOf({ actual, predicted, right }: LabelCounts, unseen = 0): Rates {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  return ratesOf(sum(actual) + unseen, sum(predicted), sum(right));
}
