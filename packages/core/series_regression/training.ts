/**
 * Encoding of series with numbers as labels, and training of models on them.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import {
  type MeasuredNumbers,
  metricsOf,
  type NumberGoal,
  numberWork,
  targetsOf,
} from "../classification/number_training.ts";
import { uploadNumbers } from "../network/losses/numbers.ts";
import { bitsOf, numberOf } from "../regression/number.ts";
import { regressionGoal } from "../regression/training.ts";
import type { Sequence } from "../sequence.ts";
import { type EncodedSeries, encodeInputs } from "../series_classification/encode.ts";
import { readSeriesTogether } from "../series_classification/measure.ts";
import { seriesPass, trainingOnSeries } from "../series_classification/training.ts";
import type { Series } from "../series/series.ts";
import type { Uploaded } from "../task.ts";
import type { SettledOptions } from "../training/settled.ts";
import { makeStep, type StepWork } from "../training/step.ts";
import type { Sets, TrainingTask } from "../training/training_task.ts";
import { numberLabel, type SeriesRegressionModel } from "./model.ts";

/** Encodes series, each with its number as {@linkcode bitsOf} stores it. */
export function encodeSeriesNumbers(
  model: SeriesRegressionModel,
  all: Sequence<Series>,
): EncodedSeries[] {
  return Array.from(all, (series, i) => ({
    ...encodeInputs(model, series, i),
    labels: bitsOf(numberOf(numberLabel(series, i))),
  }));
}

/**
 * Computes outputs and losses of series. Yields in each batch, so that other work may run.
 *
 * @param goal The loss. Default: no targets are read, and losses are 0.
 * @param check Called with the outputs of each batch.
 */
export async function* measureSeriesNumbers(
  on: Uploaded<SeriesRegressionModel>,
  set: Sequence<EncodedSeries>,
  goal?: NumberGoal,
  check?: (numbers: FloatArray) => void,
): AsyncGenerator<void, MeasuredNumbers> {
  const { ops } = on, zeros = () => new Float64Array(set.length);
  const measured: MeasuredNumbers = { losses: zeros(), outputs: zeros(), targets: zeros() };
  const targetsFor = (some: readonly EncodedSeries[]) =>
    goal ? targetsOf(some, goal) : new Float64Array(some.length).fill(NaN);
  const outputs = (logits: Tensor, some: readonly EncodedSeries[]) =>
    goal
      ? [logits, goal.loss.value(ops, logits, uploadNumbers(ops, targetsFor(some), some.length))]
      : [logits];
  yield* readSeriesTogether(on, set, outputs, ([y, l], places) => {
    check?.(y);
    const targets = targetsFor(places.map((i) => set.at(i)!));
    for (const [row, i] of places.entries()) {
      measured.outputs[i] = y[row];
      measured.targets[i] = targets[row];
      if (l) measured.losses[i] = l[row];
    }
  });
  return measured;
}

/** Returns the work of a training step: targets, loss and passes of a batch of augmented series. */
export function seriesNumberWork(
  ops: Ops,
  model: SeriesRegressionModel,
  series: readonly EncodedSeries[],
  settings: { seed: number; t: number },
): StepWork<Float64Array> {
  return numberWork(series, regressionGoal(model), seriesPass(ops, model, series, settings));
}

/** Returns the training task of a series regression model. */
export function seriesNumberTraining(
  model: SeriesRegressionModel,
  sets: Sets<EncodedSeries>,
  options: SettledOptions,
): TrainingTask {
  const goal = regressionGoal(model);
  return trainingOnSeries(sets, options, {
    loss: goal,
    async *measure(ops, weights, set) {
      return metricsOf(yield* measureSeriesNumbers({ ops, model, weights }, set, goal), goal);
    },
    step: (ops, trained, series, settings) =>
      makeStep(ops, trained, seriesNumberWork(ops, model, series, settings), settings),
  });
}
