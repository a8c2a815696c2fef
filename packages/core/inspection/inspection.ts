/**
 * The functions of a task that all inspections use.
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

/** Returns the functions that inspect a model; throws if its task has none, or for an ensemble. */
export function inspectionOf(
  { inspection, models }: AnyTask,
  { ensemble }: Pick<AnyModel, "ensemble">,
): TaskInspection<AnyModel> {
  if (!inspection) throw new InputError(`${models} cannot be inspected`);
  if (!ensemble) return inspection;
  throw new InputError(
    `an ensemble of ${ensemble.length + 1} networks has no single state to inspect; train one ` +
      "network",
  );
}

/** Computes the backward pass of the mean loss of one example's targets, in the open scope. */
export function inspectedBackward(
  on: Uploaded,
  task: AnyTask,
  example: EncodedExample,
): Backward & { logits: Tensor; losses: Tensor; targets: Int32Array } {
  const { ops, model } = on;
  const pass = inspectionOf(task, model).pass(on, example);
  const { logits, targets, backward, loss = crossEntropyLoss } = pass;
  const labels = ops.indices(targets, model.labels.length);
  const mean = new Float64Array(targets.length).fill(1 / targets.length);
  const rowWeights = ops.tensor(mean, [targets.length, 1]);
  const back = backward(loss.gradient(ops, logits, labels, rowWeights));
  return { ...back, logits, targets, losses: loss.value(ops, logits, labels) };
}
