/**
 * Which labels are given to which, counted by the pairs that occur.
 *
 * @module
 */

/** How often each label is given to each. */
export interface PairCounts {
  /** Of each label, how many targets have it. */
  actual: Float64Array<ArrayBuffer>;
  /** To how many it is given. */
  predicted: Float64Array<ArrayBuffer>;
  /** To how many of those that have it. */
  right: Float64Array<ArrayBuffer>;
  /** The true label, the label given and how often, for each pair that occurs, in their order. */
  pairs: [actual: number, predicted: number, count: number][];
}

/** Counts what is given to which; a label of -1 is none of them. */
export function countPairs(
  actual: Int32Array,
  predicted: Int32Array,
  labels: number,
): PairCounts {
  const zeros = () => new Float64Array(labels);
  const counts: PairCounts = { actual: zeros(), predicted: zeros(), right: zeros(), pairs: [] };
  const found = new Map<number, number>(); // by both labels in one number
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

/** The counts of all labels with all. */
export function matrixOf({ actual, pairs }: PairCounts): number[][] {
  const matrix = Array.from(actual, () => new Array<number>(actual.length).fill(0));
  for (const [i, j, count] of pairs) matrix[i][j] = count;
  return matrix;
}
