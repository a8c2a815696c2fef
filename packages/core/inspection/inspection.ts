/**
 * What all of inspection asks of a task.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { crossEntropyLoss } from "../network/loss.ts";
import type { Backward } from "../network/stack.ts";
import type { TaskInspection, Uploaded } from "../task.ts";
import type { AnyTask } from "../tasks.ts";
import type { EncodedExample } from "../training/encoded.ts";

/** How models of a task are inspected; throws where they cannot be. */
export function inspectionOf({ inspection, models }: AnyTask): TaskInspection<AnyModel> {
  if (inspection) return inspection;
  throw new InputError(`${models} cannot be inspected`);
}

/** One example's pass backward, for the mean of the losses of its targets, in the open scope. */
export function inspectedBackward(
  on: Uploaded,
  task: AnyTask,
  example: EncodedExample,
): Backward & { logits: Tensor; losses: Tensor; targets: Int32Array } {
  const { ops, model } = on;
  const pass = inspectionOf(task).pass(on, example);
  const { logits, targets, backward, loss = crossEntropyLoss } = pass;
  const labels = ops.indices(targets, model.labels.length);
  const mean = new Float64Array(targets.length).fill(1 / targets.length);
  const rowWeights = ops.tensor(mean, [targets.length, 1]);
  const back = backward(loss.gradient(ops, logits, labels, rowWeights));
  return { ...back, logits, targets, losses: loss.value(ops, logits, labels) };
}
