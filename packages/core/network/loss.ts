/**
 * Losses and their gradients.
 *
 * @module
 */
import type { Backend, FloatArray, FusedOps, Indices, Ops, Tensor } from "../backend.ts";
import { fusedOr } from "../ops/fused.ts";

/**
 * A loss between outputs and targets, row by row. A network knows no loss by name: a training step
 * asks its task's loss for the gradient and passes it on.
 */
export interface Loss<Targets> {
  /** Returns the loss of each row, `[rows, 1]`; 0 for rows without a target. */
  value(ops: Ops, outputs: Tensor, targets: Targets): Tensor;
  /**
   * Returns the gradient of Σ rowWeights ⊙ losses with respect to the outputs, of the same shape.
   *
   * @param rowWeights `[rows, 1]`: 1 / n for the mean of n losses, 0 for padding.
   */
  gradient(ops: Ops, outputs: Tensor, targets: Targets, rowWeights: Tensor): Tensor;
  /** Computes both at once, for losses where that is cheaper than one after the other. */
  both?(
    ops: Ops,
    outputs: Tensor,
    targets: Targets,
    rowWeights: Tensor,
  ): { losses: Tensor; gradient: Tensor };
  /**
   * Returns further metrics by name, each summed over the rows that have a target.
   *
   * @param outputs The outputs on the host, row by row.
   * @param columns The number of outputs in a row.
   * @param targets The correct label of each row on the host, -1 for none; or the numbers, row by
   *   row, NaN where one is missing.
   */
  sums(outputs: FloatArray, columns: number, targets: ArrayLike<number>): Record<string, number>;
}

/** Cross-entropy of the softmax, in nats, with the accuracy as a further metric. */
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

/** The same for symbols, where predicting symbol 0, the unknown one, never counts as correct. */
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

/** Whether a row's most probable symbol is the correct one, and not the unknown symbol. */
export function isRightSymbol(
  logits: FloatArray,
  row: number,
  symbols: number,
  target: number,
): boolean {
  return target > 0 && argmax(logits, row, symbols) === target;
}

/**
 * Computes L = -ln p_c for each row, for p = softmax(y) and the correct label c; 0 where that is
 * -1.
 *
 * @param logits y, `[rows, labels]`.
 * @returns One loss per row, `[rows, 1]`, in nats.
 */
export function crossEntropy(ops: Backend, logits: Tensor, labels: Indices): Tensor {
  return ops.scale(ops.pick(ops.logSoftmax(logits), labels), -1);
}

/**
 * Computes dL/dy = w (p - 1_c), for the sum of the rows' losses times their weights w.
 *
 * @param logits y, `[rows, labels]`.
 * @param rowWeights w, `[rows, 1]`: 1 / n for the mean of n losses, 0 for padding.
 * @returns The gradient of the logits, `[rows, labels]`.
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

/** Computes L and w (p - 1_c), from one softmax if the backend has the fused op. */
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

/** Returns ln Σ eʸ. For a row of logits, ln p of a label is its y minus this value. */
export function logSumExp(values: ArrayLike<number>): number {
  let most = -Infinity, sum = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  if (most === -Infinity) return most;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - most);
  return most + Math.log(sum);
}

/** Returns the column of the largest value in a row; the first one if there are several. */
export function argmax(values: FloatArray, row: number, columns: number): number {
  let best = 0;
  for (let j = 1; j < columns; j++) {
    if (values[row * columns + j] > values[row * columns + best]) best = j;
  }
  return best;
}

/** Returns the most probable symbol of a row of logits, never 0, the unknown symbol. */
export function argmaxKnown(logits: FloatArray, row: number, symbols: number): number {
  const known = logits.subarray(row * symbols + 1, (row + 1) * symbols) as FloatArray;
  return 1 + argmax(known, 0, symbols - 1);
}
