/**
 * Whether a run can be resumed from a checkpoint.
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
 * Throws unless a run can go on from a checkpoint.
 *
 * @throws {InputError} Where the network, the examples or settings are others than the checkpoint's,
 *   or it is damaged.
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
      "the examples are not those of the checkpoint; give the same, or start over",
    );
  }
  const { epochs: _, ...settings } = options; // there may be more epochs
  const { epochs: __, ...before } = checkpoint.options;
  const setting = firstDifference(settings, before, "");
  if (setting) refuse(setting);
  // What came before the refit would have gone on for longer, perhaps to another best epoch.
  if (checkpoint.progress.refit === undefined || options.epochs === checkpoint.options.epochs) {
    return;
  }
  throw new InputError(
    `the checkpoint is of a refit, by which its ${checkpoint.options.epochs} epochs are settled, ` +
      `got ${options.epochs}; give the same, or start over`,
  );
}

function refuse({ path, first, second }: Difference): never {
  throw new InputError(
    `${path} is ${summary(first)}, but was ${summary(second)} in the checkpoint; ` +
      "give the same, or start over",
  );
}

/**
 * Throws unless as many steps were made as the epochs have batches, and an epoch that has begun has
 * the sums of the figures that its loss gives.
 *
 * @throws {InputError} With what does not fit.
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
    fail(`has ${steps} steps and ${batches} batches, and epoch ${epoch} has ${perEpoch} batches`);
  }
  const names = Object.keys(loss.sums(new Float32Array(0), 1, [])).sort();
  if (targets > 0 && String(Object.keys(sums).sort()) !== String(names)) {
    fail(`should have the sums of ${names.join(", ") || "nothing"}`);
  }
}
