/**
 * The quantile loss, or pinball loss, for numbers (Koenker and Bassett 1978).
 *
 * @module
 */
import type { Ops, Tensor } from "../../backend.ts";
import { InputError } from "../../errors.ts";
import type { Loss } from "../loss.ts";
import { errorSums, type NumberTargets, requireBetween, rowSums } from "./numbers.ts";

/**
 * Returns the loss of several quantiles of each number. The outputs are
 * `[rows, quantiles * columns]`: all columns of the first quantile, then all of the second. For
 * u = t - y and the quantile q,
 *
 *     l     = q relu(u) + (1 - q) relu(-u)
 *     dl/dy = (1 - q) [u < 0] - q [u > 0]
 *
 * where a row's loss is the mean over quantiles and numbers. It is minimized by the q-quantile, the
 * number that a fraction q of all targets is below. The metrics are those of the quantile closest
 * to 0.5.
 *
 * @param quantiles q, each above 0 and below 1, in increasing order.
 * @throws {InputError} If there are no quantiles, or one is out of range or out of order.
 */
export function quantileLoss(quantiles: readonly number[]): Loss<NumberTargets> {
  checkQuantiles(quantiles);
  const count = quantiles.length;
  const repeated = (ops: Ops, a: Tensor) =>
    count === 1 ? a : ops.concatColumns(quantiles.map(() => a));
  /** Returns u⁺ = relu(t - y), u⁻ = relu(y - t), and their weights, m q / Q and m (1 - q) / Q. */
  const parts = (ops: Ops, outputs: Tensor, { values, shares }: NumberTargets) => {
    const u = ops.subtract(repeated(ops, values), outputs);
    const each = quantiles.map((q) => ops.scale(shares, q / count));
    const above = count === 1 ? each[0] : ops.concatColumns(each);
    const below = ops.subtract(ops.scale(repeated(ops, shares), 1 / count), above);
    return { over: ops.relu(u), under: ops.relu(ops.scale(u, -1)), above, below };
  };
  return {
    value(ops, outputs, targets) {
      const { over, under, above, below } = parts(ops, outputs, targets);
      return rowSums(ops, ops.add(ops.multiply(over, above), ops.multiply(under, below)));
    },
    gradient(ops, outputs, targets, rowWeights) {
      const { over, under, above, below } = parts(ops, outputs, targets);
      const dOutputs = ops.subtract(
        ops.multiply(ops.reluDerivative(under), below), // (1 - q) [u < 0]
        ops.multiply(ops.reluDerivative(over), above), // q [u > 0]
      );
      return ops.multiplyColumn(dOutputs, rowWeights);
    },
    sums: (outputs, columns, targets) =>
      errorSums(outputs, columns, targets, middleOf(quantiles) * columns / count),
  };
}

/** Returns the index of the quantile closest to the median. */
export function middleOf(quantiles: readonly number[]): number {
  const distances = quantiles.map((q) => Math.abs(q - 0.5));
  return distances.indexOf(Math.min(...distances));
}

function checkQuantiles(quantiles: readonly number[]): void {
  if (quantiles.length === 0) throw new InputError("the quantile loss needs at least one quantile");
  for (const [i, q] of quantiles.entries()) {
    requireBetween("a quantile", q, 0, 1);
    if (i > 0 && q <= quantiles[i - 1]) {
      throw new InputError(`quantiles must increase, got ${quantiles.join(", ")}`);
    }
  }
}
