/**
 * Binary cross-entropy, for targets where each of several labels is present or absent.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../../backend.ts";
import type { Loss } from "../loss.ts";
import { absolute, knownIn, type NumberTargets, rowSums } from "./numbers.ts";

/**
 * The cross-entropy of each label, in nats, for logits y and targets t of 0 or 1, as in
 * torch.nn.BCEWithLogitsLoss:
 *
 *     l     = -t ln σ(y) - (1 - t) ln σ(-y) = relu(y) - y t - ln σ(|y|)
 *     dl/dy = σ(y) - t
 *
 * where a row's loss is the mean over its labels. The last form has no logarithm of zero. The
 * further metric is the exact match, the fraction of rows in which every label is correct.
 */
export const binaryCrossEntropyLoss: Loss<NumberTargets> = {
  value(ops, outputs, { values, shares }) {
    const [rows, columns] = outputs.shape;
    const l = ops.subtract(ops.relu(outputs), ops.multiply(outputs, values)); // relu(y) - y t
    const row = ops.indices(Int32Array.from({ length: rows * columns }, (_, i) => i % rows), rows);
    const curved = ops.multiply(
      logSigmoid(ops, below(ops, absolute(ops, outputs))), // ln σ(|y|)
      below(ops, shares),
    );
    return ops.subtract(rowSums(ops, ops.multiply(l, shares)), ops.scatterRows(curved, row));
  },
  gradient(ops, outputs, { values, shares }, rowWeights) {
    const dOutputs = ops.subtract(ops.sigmoid(outputs), values); // σ(y) - t
    return ops.multiplyColumn(ops.multiply(dOutputs, shares), rowWeights);
  },
  sums: (outputs, columns, targets) => ({ exact: countExact(outputs, columns, targets) }),
};

/**
 * The same, with a weight w for each label that is present, like torch's `pos_weight`:
 *
 *     l = -w t ln σ(y) - (1 - t) ln σ(-y)
 *
 * @param weights w, one for each label.
 */
export function weightedBinaryCrossEntropyLoss(
  weights: readonly number[],
): Loss<NumberTargets> {
  // m (1 + (w - 1) t): both the loss and its gradient are m times a term.
  const weighted = (ops: Ops, { values, shares }: NumberTargets): NumberTargets => {
    const [rows, columns] = values.shape;
    const more = Float64Array.from({ length: rows * columns }, (_, i) => weights[i % columns] - 1);
    const added = ops.multiply(ops.multiply(values, ops.tensor(more, [rows, columns])), shares);
    return { values, shares: ops.add(shares, added) };
  };
  return {
    ...binaryCrossEntropyLoss,
    value: (ops, outputs, targets) =>
      binaryCrossEntropyLoss.value(ops, outputs, weighted(ops, targets)),
    gradient: (ops, outputs, targets, rowWeights) =>
      binaryCrossEntropyLoss.gradient(ops, outputs, weighted(ops, targets), rowWeights),
  };
}

/**
 * Returns the number of rows in which every known label is correct.
 *
 * @param boundaries The logit from which a label is predicted, for each label. Default: 0, that is,
 *   a probability of 0.5.
 */
export function countExact(
  outputs: FloatArray,
  columns: number,
  targets: ArrayLike<number>,
  boundaries?: ArrayLike<number>,
): number {
  let exact = 0;
  for (let row = 0; row < outputs.length / columns; row++) {
    if (knownIn(targets, row, columns) === 0) continue;
    let isRight = true;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      if (Number.isNaN(targets[i])) continue;
      const boundary = boundaries?.[i - row * columns] ?? 0;
      if ((outputs[i] >= boundary) !== (targets[i] === 1)) isRight = false;
    }
    if (isRight) exact++;
  }
  return exact;
}

/** Stacks all columns into a single one, `[rows * columns, 1]`. */
function below(ops: Ops, a: Tensor): Tensor {
  const columns = Array.from({ length: a.shape[1] }, (_, j) => ops.sliceColumns(a, j, j + 1));
  return columns.length === 1 ? columns[0] : ops.concatRows(columns);
}

/** Returns ln σ(y) of a column; σ(y) is the first component of softmax([y, 0]). */
function logSigmoid(ops: Ops, y: Tensor): Tensor {
  return ops.sliceColumns(ops.logSoftmax(ops.concatColumns([y, ops.zeros(y.shape)])), 0, 1);
}
