/**
 * Confidence of accuracies, and calibration of probabilities.
 *
 * @module
 */

/** A confidence interval of a fraction. */
export interface Interval {
  /** The lower bound, from 0. */
  low: number;
  /** The upper bound, at most 1. */
  high: number;
}

const Z = 1.959963984540054; // quantile of the normal distribution for 95% confidence

/**
 * Wilson's score interval (Wilson 1927): the range that contains the true fraction with 95%
 * confidence when `right` of `count` are right. It stays within 0 and 1 and suits small counts.
 *
 * @example
 * ```ts
 * import { wilsonInterval } from "@unroll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { low, high } = wilsonInterval(80, 100);
 * assertAlmostEquals(low, 0.7112, 1e-4);
 * assertAlmostEquals(high, 0.8666, 1e-4);
 * ```
 */
export function wilsonInterval(right: number, count: number): Interval {
  const p = right / count, z2 = Z * Z / count;
  const middle = (p + z2 / 2) / (1 + z2);
  const half = Z / (1 + z2) * Math.sqrt(p * (1 - p) / count + z2 / (4 * count));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

const BINS = 15, IN_BIN = 20; // as in Guo et al. 2017; fewer bins if each would have fewer answers

/**
 * Computes the expected calibration error (ECE, Guo et al. 2017): the gap between the probabilities
 * of predictions and their accuracy, in bins of equal width, weighted by bin size. 0 means that 70%
 * of the predictions at 70% are right. There are 15 bins, and fewer for fewer than 300 predictions.
 *
 * @param probabilities The probability of each prediction.
 * @param isRight Whether each prediction is right.
 *
 * @example
 * ```ts
 * import { calibrationError } from "@unroll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(calibrationError([0.9, 0.9], [true, false]), 0.4, 1e-9);
 * ```
 */
export function calibrationError(
  probabilities: ArrayLike<number>,
  isRight: ArrayLike<boolean | number>,
): number {
  const bins = Math.max(1, Math.min(BINS, Math.floor(probabilities.length / IN_BIN)));
  const gaps = new Float64Array(bins);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probabilities[i] * bins) - 1));
    gaps[bin] += probabilities[i] - Number(isRight[i]);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / probabilities.length;
}

/** A probability below which answers should be checked, and accuracies on validation examples. */
export interface TrustLevel {
  /** The probability. */
  probability: number;
  /** The accuracy of the answers below it, and their count. */
  below: { accuracy: number; count: number };
  /** The accuracy of the answers at or above it, and their count. */
  above: { accuracy: number; count: number };
}

const BAR = 2 / 3; // accuracy from the level on: at most one answer in three is wrong
const LEAST = 10; // answers needed on each side of the level

/**
 * Returns the probability from which two in three answers are right, by isotonic regression, which
 * assumes that accuracy increases with probability (pool adjacent violators); undefined if there is
 * none, or if fewer than ten answers are below it, or at or above it.
 *
 * @param probabilities The probability of each answer.
 * @param isRight Whether each answer is right.
 */
export function trustLevel(
  probabilities: ArrayLike<number>,
  isRight: ArrayLike<boolean | number>,
): TrustLevel | undefined {
  const { length } = probabilities;
  const order = Array.from({ length }, (_, i) => i)
    .sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  const blocks: { probability: number; right: number; count: number }[] = [];
  for (let k = 0; k < length;) {
    let block = { probability: probabilities[order[k]], right: 0, count: 0 };
    for (; probabilities[order[k]] === block.probability; k++) {
      block.right += Number(isRight[order[k]]);
      block.count++;
    }
    for (let last = blocks.at(-1); last; last = blocks.at(-1)) {
      if (last.right * block.count < block.right * last.count) break;
      const { probability } = blocks.pop()!;
      block = { probability, right: last.right + block.right, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const first = blocks.findIndex(({ right, count }) => right >= BAR * count);
  if (first < 0) return undefined;
  const side = (some: typeof blocks) => {
    const count = some.reduce((sum, block) => sum + block.count, 0);
    return { accuracy: some.reduce((sum, block) => sum + block.right, 0) / count, count };
  };
  const below = side(blocks.slice(0, first)), above = side(blocks.slice(first));
  if (below.count < LEAST || above.count < LEAST) return undefined;
  return { probability: blocks[first].probability, below, above };
}
