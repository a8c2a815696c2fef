/**
 * How sure an accuracy is, and a probability.
 *
 * @module
 */

/** A range that holds a fraction with a certain confidence. */
export interface Interval {
  /** Its lower end. */
  low: number;
  /** Its upper end. */
  high: number;
}

const Z = 1.959963984540054; // of the normal distribution, for 95%

/**
 * Wilson's score interval: the range that holds the true fraction with a confidence of 95%, where
 * `right` of `count` were found (Wilson 1927). It stays within 0 and 1 and serves few examples.
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

const BINS = 15, IN_BIN = 20; // as in Guo et al. 2017; of few answers fewer, with some in each

/**
 * The expected calibration error: how far the probabilities of answers are from how often these are
 * right, in bins of equal width, weighted by their sizes (Guo et al. 2017). 0: of answers given with
 * 70%, 70% are right. There are 15 bins, and fewer for fewer than 300 answers.
 *
 * @param probabilities The probability of each answer.
 * @param isRight Whether each is right.
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

/** A probability below which answers should be checked, and what was found on examples set aside. */
export interface TrustLevel {
  /** The probability. */
  probability: number;
  /** The fraction of answers below it that are right, and how many answers are below. */
  below: { accuracy: number; count: number };
  /** The same of those at or above it. */
  above: { accuracy: number; count: number };
}

const BAR = 2 / 3; // of answers below the level fewer are right: one in three is wrong, or more
const LEAST = 10; // answers below and above it

/**
 * The probability from which on two in three answers are right, by isotonic regression, which takes
 * the accuracy to rise with the probability (pool adjacent violators); none where fewer than ten
 * answers are below, or above.
 *
 * @param probabilities The probability of each answer.
 * @param isRight Whether each is right.
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
