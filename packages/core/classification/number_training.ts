/**
 * Training of models that output numbers for a text: a value, or the logits of several labels.
 *
 * @module
 */
import type { FloatArray, Ops } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import type { OneOrSeveral } from "../network/ensemble.ts";
import type { Loss } from "../network/loss.ts";
import { type NumberTargets, uploadNumbers } from "../network/losses/numbers.ts";
import { readAndDispose } from "../ops/reading.ts";
import { drawBatches } from "../training/buckets.ts";
import { lazyChecksum } from "../training/checkpoint.ts";
import type { EncodedExample, EncodedSet } from "../training/encoded.ts";
import type { Metrics } from "../training/metrics.ts";
import { passOf } from "../training/pass.ts";
import type { SettledOptions } from "../training/settled.ts";
import { rowWeightsOfNumbers } from "../training/row_weights.ts";
import { makeStep, type StepWork } from "../training/step.ts";
import { steppedTraining } from "../training/stepped_training.ts";
import { resultOf, type Sets, type TrainingTask } from "../training/training_task.ts";
import { allLogits, arrange, byLength, TOGETHER } from "./measure.ts";

/** The training objective of a model that outputs numbers. */
export interface NumberGoal {
  /** The number of the network's outputs for a text. */
  columns: number;
  /** The loss. */
  loss: Loss<NumberTargets>;
  /** Returns the target outputs for an example. */
  targets(example: EncodedExample): ArrayLike<number>;
  /** The figures besides the loss in training. */
  sums: Loss<NumberTargets>["sums"];
  /** Computes the figures besides the loss when examples are measured. */
  figures(measured: MeasuredNumbers): Record<string, number>;
}

/** A network's losses and outputs for some examples, in their order. */
export interface MeasuredNumbers {
  /** The loss of each example. */
  losses: Float64Array<ArrayBuffer>;
  /** The outputs, `[examples, columns]`. */
  outputs: Float64Array<ArrayBuffer>;
  /** The targets, `[examples, columns]`. */
  targets: Float64Array<ArrayBuffer>;
}

/** Returns the targets of some examples, a row for each; NaN for padding. */
export function targetsOf(examples: readonly EncodedExample[], goal: NumberGoal): Float64Array {
  const targets = new Float64Array(examples.length * goal.columns).fill(NaN);
  for (const [i, example] of examples.entries()) {
    if (example.words.length > 0) targets.set(goal.targets(example), i * goal.columns);
  }
  return targets;
}

/** Computes outputs and losses of examples, in steps, so that other work can run between them. */
export async function* measureNumbers(
  ops: Ops,
  model: Pick<AnyModel, "config" | "vocabulary">,
  networks: OneOrSeveral,
  examples: EncodedSet,
  goal: NumberGoal,
  check?: (numbers: FloatArray) => void,
): AsyncGenerator<void, MeasuredNumbers> {
  const { columns, loss } = goal, { length } = examples;
  const order = byLength(examples);
  const measured: MeasuredNumbers = {
    losses: new Float64Array(length),
    outputs: new Float64Array(length * columns),
    targets: new Float64Array(length * columns),
  };
  for (let start = 0; start < length; start += TOGETHER) {
    const places = order.subarray(start, start + TOGETHER);
    const some = Array.from(places, (i) => examples.at(i)!);
    const targets = targetsOf(some, goal);
    const tensors = ops.scope(() => {
      const sentences = arrange(ops, model, some.map(({ words }) => words));
      const outputs = allLogits(ops, model.config, networks, sentences);
      return [outputs, loss.value(ops, outputs, uploadNumbers(ops, targets, some.length))];
    });
    const [y, l] = await readAndDispose(ops, tensors);
    yield;
    check?.(y);
    for (const [row, i] of places.entries()) {
      const from = row * columns, to = from + columns;
      measured.losses[i] = l[row];
      measured.outputs.set(y.subarray(from, to), i * columns);
      measured.targets.set(targets.subarray(from, to), i * columns);
    }
  }
  return measured;
}

/** Like {@linkcode measureNumbers}, without pauses. */
export function measureAllNumbers(
  ...given: Parameters<typeof measureNumbers>
): Promise<MeasuredNumbers> {
  return resultOf(measureNumbers(...given));
}

/** Returns the mean loss of measured examples, and the figures besides it. */
export function metricsOf(measured: MeasuredNumbers, goal: NumberGoal): Metrics {
  const { losses } = measured;
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length;
  return { loss, ...goal.figures(measured) };
}

/** Returns the work of a training step: the targets of its examples, and their forward pass. */
export function numberWork(
  examples: readonly EncodedExample[],
  goal: NumberGoal,
  forward: StepWork["forward"],
): StepWork<Float64Array> {
  const targets = targetsOf(examples, goal);
  return {
    targets,
    rowWeights: rowWeightsOfNumbers(targets, examples.length),
    loss: goal.loss,
    forward,
  };
}

/** Creates the training of a model that outputs numbers for a text. */
export function numberTraining(
  model: AnyModel,
  sets: Sets,
  options: SettledOptions,
  goal: NumberGoal,
): TrainingTask {
  const { examples, validation } = sets;
  return steppedTraining(sets, {
    checksum: lazyChecksum(examples, validation),
    loss: goal,
    draw(order) {
      const batches = drawBatches(examples, options.batchSize, order);
      return { sizes: batches.sizes, at: (place) => batches.at(place)! };
    },
    async *measure(ops, weights, set) {
      return metricsOf(yield* measureNumbers(ops, model, weights, set, goal), goal);
    },
    step(ops, trained, { examples, timeSteps }, settings) {
      const forward = passOf(ops, model.config, examples, timeSteps, settings);
      return makeStep(ops, trained, numberWork(examples, goal, forward), settings);
    },
  });
}
