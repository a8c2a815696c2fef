/**
 * From the states over time to the logits, and back.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { Ops } from "../ops/checked_ops.ts";

/**
 * The mean of each sentence's states, m = (h_1 + … + h_n) / n.
 *
 * @param outputs h_1 to h_n and padding, `[timeSteps * batch, width]`.
 * @returns `[batch, width]`.
 */
export function meanOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.multiplyColumn(ops.scatterRows(outputs, batch.sentence!), batch.inverseLengths!);
}

/** dL/dh_t = dL/dm / n for each step of a sentence, zero for padding. */
export function meanOverTimeBackward(ops: Ops, dMean: Tensor, batch: Batch): Tensor {
  return ops.gatherRows(ops.multiplyColumn(dMean, batch.inverseLengths!), batch.sentence!);
}

/**
 * The largest of each sentence's states, unit by unit.
 *
 * @param outputs h_1 to h_n and padding, `[timeSteps * batch, width]`.
 * @returns `[batch, width]`.
 */
export function maxOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.maxRows(outputs, batch.sentence!);
}

/** dL/dh_t: for each unit, what its maximum gets goes to the first step that has it. */
export function maxOverTimeBackward(
  ops: Ops,
  dMax: Tensor,
  max: Tensor,
  outputs: Tensor,
  batch: Batch,
): Tensor {
  return ops.maxRowsGradient(dMax, max, outputs, batch.sentence!);
}

/** y = h Why + b_y, for h `[m, width]`. */
export function logitsOf(ops: Ops, h: Tensor, Why: Tensor, by: Tensor): Tensor {
  return ops.addRow(ops.matmul(h, Why), by);
}
