/**
 * Checks whether a run can be resumed from a checkpoint.
 *
 * @module
 */
import type { AnyModel } from "../model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkNumbers, type CheckpointShapes, checkTraining } from "./checkpoint_check.ts";
import { type Difference, firstDifference, isRecord, summary } from "./same.ts";
import { InputError } from "../errors.ts";
import type { Progress } from "./progress.ts";
import type { SettledOptions } from "./settled.ts";
import type { TaskRun } from "./training_task.ts";

/**
 * Throws unless a run can be resumed from a checkpoint.
 *
 * @throws {InputError} If the network, the examples or the options differ from the checkpoint's, or
 *   the checkpoint is damaged.
 */
export function checkResume(
  checkpoint: Checkpoint,
  model: AnyModel,
  { shapes, carriedShapes }: CheckpointShapes,
  options: SettledOptions,
  examples: number,
): void {
  const fail = (problem: string): never => {
    throw new InputError(`the checkpoint ${problem}`);
  };
  if (!isRecord(checkpoint) || !isRecord(checkpoint.model)) {
    return fail("is damaged: it has no model");
  }
  const networkOf = ({ weights: _, config, ...rest }: AnyModel) => ({ ...rest, ...config });
  const network = firstDifference(networkOf(model), networkOf(checkpoint.model), "");
  if (network) refuse(network);
  checkTraining(checkpoint, fail);
  checkNumbers(checkpoint, { shapes, carriedShapes }, fail);
  if (checkpoint.examples !== examples) {
    throw new InputError(
      "the examples are not those of the checkpoint; use the same examples, or start over",
    );
  }
  const { epochs: _, ...settings } = options; // there may be more epochs
  const { epochs: __, ...before } = checkpoint.options;
  const setting = firstDifference(settings, before, "");
  if (setting) refuse(setting);
  // With more epochs, training before the refit might have found a different best epoch.
  if (checkpoint.progress.refit === undefined || options.epochs === checkpoint.options.epochs) {
    return;
  }
  throw new InputError(
    `the checkpoint is from a refit, which fixes the epochs at ${checkpoint.options.epochs}, ` +
      `got ${options.epochs}; use the same number, or start over`,
  );
}

function refuse({ path, first, second }: Difference): never {
  throw new InputError(
    `${path} is ${summary(first)}, but was ${summary(second)} in the checkpoint; ` +
      "use the same value, or start over",
  );
}

/**
 * Throws unless the number of steps matches the epochs' batches, and an epoch in progress has the
 * sums of the loss's metrics.
 *
 * @throws {InputError} If progress does not match; the message names what differs.
 */
export function checkPosition(
  { epoch, batches, steps, sums, targets }: Progress,
  perEpoch: number,
  loss: TaskRun["loss"],
): void {
  const fail = (problem: string): never => {
    throw new InputError(`the checkpoint is damaged: its progress ${problem}`);
  };
  if (batches > perEpoch || steps !== (epoch - 1) * perEpoch + batches) {
    fail(`has ${steps} steps and ${batches} batches, but epoch ${epoch} has ${perEpoch} batches`);
  }
  const names = Object.keys(loss.sums(new Float32Array(0), 1, [])).sort();
  if (targets > 0 && String(Object.keys(sums).sort()) !== String(names)) {
    fail(`should have the sums of ${names.join(", ") || "nothing"}`);
  }
}
