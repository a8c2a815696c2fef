/**
 * Losses: what a network's outputs cost, and which way they should go.
 *
 * @module
 */
import type { Backend, FloatArray, FusedOps, Indices, Ops, Tensor } from "../backend.ts";
import { fusedOr } from "../ops/fused.ts";

/**
 * A loss of outputs and targets, row by row. A network knows none by name: a training step asks its
 * task's loss for the gradient, and passes that on.
 */
export interface Loss<Targets> {
  /** The loss of each row, `[rows, 1]`; 0 where a row has no target. */
  value(ops: Ops, outputs: Tensor, targets: Targets): Tensor;
  /**
   * The gradient of Σ rowWeights ⊙ losses for the outputs, shaped as they are.
   *
   * @param rowWeights `[rows, 1]`: 1 / n for the mean of n losses, 0 for padding.
   */
  gradient(ops: Ops, outputs: Tensor, targets: Targets, rowWeights: Tensor): Tensor;
  /** Both at once, where that takes less than one after the other. */
  both?(
    ops: Ops,
    outputs: Tensor,
    targets: Targets,
    rowWeights: Tensor,
  ): { losses: Tensor; gradient: Tensor };
  /**
   * Further figures beside the loss, by name, each summed over the rows that have a target.
   *
   * @param outputs The outputs on the host, row by row.
   * @param columns How many numbers a row has.
   * @param targets The right label of each row on the host, -1 for none; or the numbers, row by row,
   *   NaN where one is missing.
   */
  sums(outputs: FloatArray, columns: number, targets: ArrayLike<number>): Record<string, number>;
}

/** Softmax and cross-entropy, in nats, with the accuracy beside it. */
export const crossEntropyLoss: Loss<Indices> = {
  value: crossEntropy,
  gradient: crossEntropyGradient,
  both: crossEntropyBoth,
  sums(outputs, columns, targets) {
    let accuracy = 0;
    for (let i = 0; i < targets.length; i++) {
      if (targets[i] >= 0 && argmax(outputs, i, columns) === targets[i]) accuracy++;
    }
    return { accuracy };
  },
};

/** The same for symbols, the first of them the unknown one: to predict it is never right. */
export const symbolLoss: Loss<Indices> = {
  value: crossEntropy,
  gradient: crossEntropyGradient,
  both: crossEntropyBoth,
  sums(outputs, columns, targets) {
    let accuracy = 0;
    for (let i = 0; i < targets.length; i++) {
      if (isRightSymbol(outputs, i, columns, targets[i])) accuracy++;
    }
    return { accuracy };
  },
};

/** Whether a row's most probable symbol is the right one, and known. */
export function isRightSymbol(
  logits: FloatArray,
  row: number,
  symbols: number,
  target: number,
): boolean {
  return target > 0 && argmax(logits, row, symbols) === target;
}

/**
 * L = -ln p_c for each row, where p = softmax(y) and c is the right label; 0 where that is -1.
 *
 * @param logits y, `[rows, labels]`.
 * @returns One loss a row, `[rows, 1]`, in nats.
 */
export function crossEntropy(ops: Backend, logits: Tensor, labels: Indices): Tensor {
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
  ops: Backend,
  logits: Tensor,
  labels: Indices,
  rowWeights: Tensor,
): Tensor {
  const dLogits = ops.subtract(ops.softmax(logits), ops.oneHot(labels)); // p - 1_c
  return ops.multiplyColumn(dLogits, rowWeights);
}

/** L and w (p - 1_c), which share a softmax where a backend makes both at once. */
function crossEntropyBoth(
  ops: Ops,
  logits: Tensor,
  labels: Indices,
  rowWeights: Tensor,
): { losses: Tensor; gradient: Tensor } {
  const { losses, dLogits } = fusedOr(ops, "crossEntropy", composedCrossEntropy)(
    logits,
    labels,
    rowWeights,
  );
  return { losses, gradient: dLogits };
}

/** The fused op as a composition of primitives. */
export function composedCrossEntropy(
  ops: Backend,
  logits: Tensor,
  labels: Indices,
  rowWeights: Tensor,
): ReturnType<FusedOps["crossEntropy"]> {
  const dLogits = crossEntropyGradient(ops, logits, labels, rowWeights);
  return { losses: crossEntropy(ops, logits, labels), dLogits };
}

/** ln Σ eʸ of numbers: of a row of logits, ln p of a label is its y less this. */
export function logSumExp(values: ArrayLike<number>): number {
  let most = -Infinity, sum = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  if (most === -Infinity) return most;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - most);
  return most + Math.log(sum);
}

/** The column of the largest number in a row. */
export function argmax(values: FloatArray, row: number, columns: number): number {
  let best = 0;
  for (let j = 1; j < columns; j++) {
    if (values[row * columns + j] > values[row * columns + best]) best = j;
  }
  return best;
}

/** The most probable symbol of a row of logits; never the unknown one, which cannot be written. */
export function argmaxKnown(logits: FloatArray, row: number, symbols: number): number {
  const known = logits.subarray(row * symbols + 1, (row + 1) * symbols) as FloatArray;
  return 1 + argmax(known, 0, symbols - 1);
}
