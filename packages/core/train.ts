/**
 * Trains models of any task.
 *
 * @module
 */
import type { Backend } from "./backend.ts";
import { placeOf } from "./data/place.ts";
import { InputError } from "./errors.ts";
import { joined, type Sequence } from "./sequence.ts";
import type { AnyModel, ExampleOf } from "./model.ts";
import { opsOf } from "./ops/checked_ops.ts";
import { optionsOfOthers, taskOf, type TaskOptions, TEXT_TASKS } from "./tasks.ts";
import type { Checkpoint } from "./training/checkpoint.ts";
import { checkResume } from "./training/resume.ts";
import { isRecord } from "./training/same.ts";
import type { TrainEvent } from "./training/events.ts";
import { type LoopEnd, trainingLoop } from "./training/loop.ts";
import type { Metrics } from "./training/metrics.ts";
import type { SettledOptions } from "./training/settled.ts";
import { settleTrainOptions, type TrainOptions } from "./training/options.ts";
import type { TrainingTask } from "./training/training_task.ts";

/**
 * Trains a model by gradient descent, in place.
 *
 * After every epoch, and every 256 steps within an epoch, losses and weights are read and checked,
 * and the model gets the weights, so it always has the last good ones. With validation examples, it
 * has the best weights from the end of the first epoch on.
 *
 * All memory on the device is freed at the end, on an error, and if iteration stops early, by
 * `break` or `return()`.
 *
 * @throws {InputError} If an example or an option cannot be used.
 * @throws {DivergedError} If a loss or a weight becomes NaN or infinite.
 * @throws {DeviceError} If the backend's device fails.
 *
 * @example
 * ```ts
 * import { createModel, train } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [
 *   { text: "not good", label: "negative" },
 *   { text: "not bad", label: "positive" },
 *   { text: "good", label: "positive" },
 *   { text: "bad", label: "negative" },
 * ];
 * const model = createModel(examples, { cell: "gru", hidden: 16 });
 * const options = { optimizer: { name: "adam" }, epochs: 200 } as const;
 * let accuracy = 0;
 * for await (const event of train(createCpuBackend(), model, examples, options)) {
 *   if (event.type === "epoch") accuracy = event.train.accuracy;
 * }
 * assertEquals(accuracy, 1);
 * ```
 */
export function train<M extends AnyModel>(
  backend: Backend,
  model: M,
  examples: Sequence<ExampleOf<M>>,
  options: TrainOptions<ExampleOf<M>> & TaskOptions = {},
): AsyncGenerator<TrainEvent<M>, void, void> {
  const { tasks, ...others } = Object(options) as typeof options;
  const given = isRecord(options) ? others : options; // not an object: rejected below
  const task = taskOf(model, tasks);
  if (model.ensemble) throw new InputError(ensembleProblem(model.ensemble.length + 1));
  const settled = settleTrainOptions(given, task.trainOptions, optionsOfOthers(task));
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const { validation = [], test = [], resume, signal, checkpointEvery } = given;
  const measured = (set: Sequence<ExampleOf<M>>) => task.encode(model, set, { mayBeUnseen: true });
  const sets = {
    examples: task.encode(model, examples),
    validation: settled.refit ? task.encode(model, validation) : measured(validation),
    test: measured(test),
  };
  const place = placeOf(examples);
  const training = task.training(model, sets, settled, place);
  const shapes = task.shapes(model);
  if (resume) {
    const { carriedShapes } = task.file;
    const carried = carriedShapes && ((streams: number) => carriedShapes(model, streams));
    checkResume(resume, model, { shapes, carriedShapes: carried }, settled, training.checksum);
  }
  const loop = (task: TrainingTask, more: { resume?: Checkpoint; refit?: number }) =>
    trainingLoop(opsOf(backend), { model, shapes, task }, settled, {
      ...{ signal, checkpointEvery },
      ...more,
    });
  const all = joined(sets.examples, sets.validation);
  return trainAndRefit(
    loop,
    resume,
    training,
    settled.refit && {
      learned: examples.length,
      count: all.length,
      // The checksum stays the same: the refit uses the same examples, in one set.
      task: () => ({
        checksum: training.checksum,
        begin:
          task.training(model, { ...sets, examples: all, validation: [] }, settled, place).begin,
      }),
    },
  );
}

/** Why an ensemble cannot be trained further. */
function ensembleProblem(networks: number): string {
  return `an ensemble of ${networks} networks cannot be trained further; train a new one, or a ` +
    "single network";
}

/** Trains and then, if requested, refits: continues training on all examples. */
async function* trainAndRefit<M extends AnyModel>(
  loop: (
    task: TrainingTask,
    more: { resume?: Checkpoint; refit?: number },
  ) => AsyncGenerator<TrainEvent<M>, LoopEnd | undefined, void>,
  resume: Checkpoint | undefined,
  training: TrainingTask,
  refit: { learned: number; count: number; task(): TrainingTask } | undefined,
): AsyncGenerator<TrainEvent<M>, void, void> {
  let epochs = resume?.progress.refit;
  if (epochs === undefined) {
    const end = yield* loop(training, { resume });
    if (!refit || !end) return;
    resume = undefined;
    // Up to twice the best epoch, as accuracy keeps growing; at most as many steps as before.
    const sameSteps = Math.round(end.epochs * refit.learned / refit.count);
    epochs = Math.max(1, Math.min(2 * end.bestEpoch, sameSteps));
    yield { type: "refit", epochs, examples: refit.count };
  }
  yield* loop(refit!.task(), { resume, refit: epochs });
}

/** The result of {@linkcode fit}. */
export interface FitResult {
  /** The number of finished epochs. */
  epochs: number;
  /** The number of finished epochs of the refit, if there is one. */
  refit?: number;
  /** The training metrics of the last epoch; missing if no epoch was finished. */
  train?: Metrics;
  /** The validation metrics after the epoch whose weights the model has. */
  validation?: Metrics;
  /** The test metrics after the epoch whose weights the model has. */
  test?: Metrics;
  /** The epoch whose weights the model has, if validation chose it. */
  bestEpoch?: number;
  /** Why training ended before its last epoch, if it did. */
  stopped?: "request" | "patience";
}

/**
 * Trains a model to the end, without events; see {@linkcode train}.
 *
 * @throws {InputError} If an example or an option cannot be used.
 * @throws {DivergedError} If a loss or a weight becomes NaN or infinite.
 * @throws {DeviceError} If the backend's device fails.
 *
 * @example
 * ```ts
 * import { createModel, fit } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { cell: "gru", hidden: 8 });
 * const options = { epochs: 100, optimizer: { name: "adam" }, learningRate: 0.01 } as const;
 * const { epochs, train } = await fit(createCpuBackend(), model, examples, options);
 * assertEquals([epochs, train?.accuracy], [100, 1]);
 * ```
 */
export async function fit<M extends AnyModel>(
  backend: Backend,
  model: M,
  examples: Sequence<ExampleOf<M>>,
  options: TrainOptions<ExampleOf<M>> & TaskOptions = {},
): Promise<FitResult> {
  const result: FitResult = { epochs: 0 };
  for await (const event of train(backend, model, examples, options)) {
    if (event.type === "stopped") result.stopped = event.reason;
    if (event.type !== "epoch") continue;
    result[event.refit ? "refit" : "epochs"] = event.epoch;
    result.train = event.train;
    if (!event.kept) continue;
    if (event.test) result.test = event.test;
    if (!event.validation) continue;
    result.validation = event.validation;
    result.bestEpoch = event.epoch;
  }
  return result;
}

/**
 * Fills in the defaults of training options, as `train` does for models of a task.
 *
 * @param task The name of the task. Default: `"classification"`.
 * @throws {InputError} If an option is out of range, unknown, or belongs to another task.
 *
 * @example
 * ```ts
 * import { settleOptions } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(settleOptions({ epochs: 3 }).learningRate, 0.02);
 * ```
 */
export function settleOptions(
  options: TrainOptions,
  task: string = TEXT_TASKS[0].name,
): SettledOptions {
  const found = taskOf({ task });
  return settleTrainOptions(options, found.trainOptions, optionsOfOthers(found));
}
