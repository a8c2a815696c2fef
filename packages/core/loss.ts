/**
 * Softmax and cross-entropy.
 *
 * @module
 */
import type { Indices, Tensor } from "./backend.ts";
import type { Ops } from "./ops.ts";

/**
 * L = -ln p_c for each row, where p = softmax(y) and c is the right label.
 *
 * @param logits y, `[batch, labels]`.
 * @returns One loss a row, `[batch, 1]`, in nats.
 */
export function crossEntropy(ops: Ops, logits: Tensor, labels: Indices): Tensor {
  return ops.scale(ops.pick(ops.logSoftmax(logits), labels), -1);
}

/**
 * dL/dy = p - 1_c, for the mean of the rows' losses.
 *
 * @param logits y, `[batch, labels]`.
 * @returns The gradient for the logits, `[batch, labels]`.
 */
export function crossEntropyGradient(ops: Ops, logits: Tensor, labels: Indices): Tensor {
  const dLogits = ops.subtract(ops.softmax(logits), ops.oneHot(labels));
  return ops.scale(dLogits, 1 / logits.shape[0]);
}
