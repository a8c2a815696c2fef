/**
 * The weight of each row's loss in a batch.
 *
 * @module
 */
import { knownIn } from "../network/losses/numbers.ts";

/**
 * Returns the weight of each target's loss: its label's weight, divided by the number of targets
 * times the mean weight. That mean must be the training set's: if a batch of one target were
 * divided by the sum of its own weights, it would weigh 1 whatever its label. Padding weighs 0.
 *
 * @param meanWeight The mean weight of a training target. Default: the mean of these targets, as in
 *   torch.nn.CrossEntropyLoss.
 */
export function rowWeightsOf(
  targets: Int32Array,
  labelWeights?: readonly number[],
  meanWeight?: number,
): Float64Array {
  const weights = new Float64Array(targets.length);
  let total = 0, count = 0;
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] < 0) continue;
    weights[i] = labelWeights ? labelWeights[targets[i]] : 1;
    total += weights[i];
    count++;
  }
  const divisor = meanWeight === undefined ? total : meanWeight * count;
  for (let i = 0; i < targets.length && divisor > 0; i++) weights[i] /= divisor;
  return weights;
}

/** Returns the weight of each row's loss for numbers: equal for rows with a number, else 0. */
export function rowWeightsOfNumbers(targets: Float64Array, rows: number): Float64Array {
  const columns = targets.length / rows;
  const known = Float64Array.from(
    { length: rows },
    (_, row) => knownIn(targets, row, columns) > 0 ? 1 : 0,
  );
  const count = known.reduce((sum, each) => sum + each, 0);
  return known.map((each) => count > 0 ? each / count : 0);
}
