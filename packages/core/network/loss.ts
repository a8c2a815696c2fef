/**
 * Softmax and cross-entropy.
 *
 * @module
 */
import type { Indices, Tensor } from "../backend.ts";
import type { Ops } from "../ops/checked_ops.ts";

/**
 * L = -ln p_c for each row, where p = softmax(y) and c is the right label; 0 where that is -1.
 *
 * @param logits y, `[rows, labels]`.
 * @returns One loss a row, `[rows, 1]`, in nats.
 */
export function crossEntropy(ops: Ops, logits: Tensor, labels: Indices): Tensor {
  return ops.scale(ops.pick(ops.logSoftmax(logits), labels), -1);
}

/**
 * dL/dy = w (p - 1_c), for the sum of the rows' losses times their weights w.
 *
 * @param logits y, `[rows, labels]`.
 * @param rowWeights w, `[rows, 1]`: 1 / n for the mean of n losses, 0 for padding.
 * @returns The gradient for the logits, `[rows, labels]`.
 */
export function crossEntropyGradient(
  ops: Ops,
  logits: Tensor,
  labels: Indices,
  rowWeights: Tensor,
): Tensor {
  const dLogits = ops.subtract(ops.softmax(logits), ops.oneHot(labels));
  return ops.multiplyColumn(dLogits, rowWeights);
}
