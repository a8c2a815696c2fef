/**
 * Training of forecasters.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Loss } from "../network/loss.ts";
import { numberLossOf } from "../network/losses/losses.ts";
import { errorSums, type NumberTargets } from "../network/losses/numbers.ts";
import { quantileLoss } from "../network/losses/quantiles.ts";
import type { Weights } from "../network/weights.ts";
import { withRecurrentDropout } from "../network/recurrent_dropout.ts";
import type { Random } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import type { SettledOptions } from "../training/settled.ts";
import { makeStep, type Step, type StepWork, type Trained } from "../training/step.ts";
import type { Epoch, Sets, StepsSettings, TrainingTask } from "../training/training_task.ts";
import { type ForecastForm, type ForecastModel, stepsOf } from "./form.ts";
import { measureWindows } from "./measure.ts";
import {
  createForecastBatch,
  forecastBackward,
  forecastForward,
  forecastMasks,
} from "./network.ts";
import { evenly, gatherWindows, type PreparedSeries, type Window } from "./windows.ts";

const MOST_IN_EPOCH = 2 ** 15; // windows in an epoch

/** Returns the training task of a forecaster. */
export function forecastTraining(
  model: ForecastModel,
  { examples, validation, test }: Sets<Window>,
  { batchSize }: SettledOptions,
): TrainingTask {
  let known: number | undefined;
  const { blend: _, ...bare } = model; // training measures the network alone
  return {
    get checksum() {
      return known ??= checksumOf([examples, validation]);
    },
    begin(ops) {
      const measureOf = (set: Sequence<Window>) =>
        set.length === 0 ? undefined : async function* (weights: Weights<Tensor>) {
          return (yield* measureWindows({ ops, model: bare, weights }, evenly(set))).metrics;
        };
      return {
        loss: forecastLoss(model),
        stepsPerCall: 1,
        validation: measureOf(validation),
        test: measureOf(test),
        epoch: (order) => epochOf(ops, model, examples, batchSize, order),
        carriedState: () => ({}),
        dispose() {},
      };
    },
  };
}

/** Draws the batches of an epoch: all windows, or another part of a large set each time. */
function epochOf(
  ops: Ops,
  model: ForecastModel,
  examples: Sequence<Window>,
  batchSize: number,
  random?: Random,
): Epoch {
  const all = Uint32Array.from({ length: examples.length }, (_, i) => i);
  random?.shuffle(all);
  const length = Math.min(all.length, MOST_IN_EPOCH), step = all.length / length;
  const order = random
    ? all.subarray(0, length)
    : Uint32Array.from({ length }, (_, i) => Math.floor(i * step));
  const count = Math.ceil(length / batchSize);
  return {
    sizes: Array.from({ length: count }, (_, i) => Math.min(batchSize, length - i * batchSize)),
    steps(trained, first, settings) {
      const places = order.subarray(first * batchSize, (first + 1) * batchSize);
      const windows = Array.from(places, (place) => examples.at(place)!);
      return forecastStep(ops, model, trained, windows, settings);
    },
  };
}

/**
 * Returns the loss of rows of outputs: the loss of the forecasts plus the mean pinball loss of the
 * quantiles. The errors reported with it are those of the forecasts.
 */
export function forecastLoss({ loss, quantiles, segment }: ForecastForm): Loss<NumberTargets> {
  const own = numberLossOf(loss);
  const beside = quantiles.length > 0 ? quantileLoss(quantiles) : undefined;
  const parts = (ops: Ops, outputs: Tensor) => [
    ops.sliceColumns(outputs, 0, segment),
    ops.sliceColumns(outputs, segment, outputs.shape[1]),
  ];
  return {
    value(ops, outputs, targets) {
      if (!beside) return own.value(ops, outputs, targets);
      const [forecasts, others] = parts(ops, outputs);
      return ops.add(own.value(ops, forecasts, targets), beside.value(ops, others, targets));
    },
    gradient(ops, outputs, targets, rowWeights) {
      if (!beside) return own.gradient(ops, outputs, targets, rowWeights);
      const [forecasts, others] = parts(ops, outputs);
      return ops.concatColumns([
        own.gradient(ops, forecasts, targets, rowWeights),
        beside.gradient(ops, others, targets, rowWeights),
      ]);
    },
    sums: (outputs, columns, targets) => errorSums(outputs, columns, targets),
  };
}

/** Makes a training step on some windows. Consumes weights and optimizer slots. */
export function forecastStep(
  ops: Ops,
  model: ForecastForm,
  trained: Trained<Tensor>,
  windows: readonly Window[],
  { learningRates: [learningRate], ...settings }: StepsSettings,
): Step {
  const { x, known, y, columns } = gatherWindows(model, windows, ops.dtype);
  const work: StepWork<Float64Array> = {
    targets: y,
    rowWeights: rowWeightsOf(model, windows.length),
    loss: forecastLoss(model),
    forward: withRecurrentDropout(ops, model.config, settings, (weights) => {
      const batch = createForecastBatch(ops, model, x, known, columns);
      const masks = forecastMasks(ops, model, windows.length, settings);
      const pass = forecastForward(ops, model, weights, batch, masks);
      return {
        outputs: pass.outputs,
        backward: (dOutputs) => forecastBackward(ops, model, weights, batch, pass, dOutputs, masks),
      };
    }),
  };
  return makeStep(ops, trained, work, { ...settings, learningRate });
}

/** Returns the weight of each row's mean loss: its fraction of the values within the horizon. */
export function rowWeightsOf(form: ForecastForm, size: number): Float64Array {
  const { horizon, segment } = form, [, M] = stepsOf(form);
  return Float64Array.from({ length: M * size }, (_, row) => {
    const m = Math.floor(row / size);
    return Math.min(segment, horizon - m * segment) / (horizon * size);
  });
}

/** Computes a checksum of what windows read and forecast (FNV-1a: Fowler, Noll, Vo; 32 bits). */
function checksumOf(sets: readonly Sequence<Window>[]): number {
  let hash = 0x811c9dc5;
  const add = (value: number) => hash = Math.imul(hash ^ value, 0x01000193);
  for (const set of sets) {
    add(set.length);
    const seen = new Set<PreparedSeries>();
    for (const { series, origin } of set) {
      if (seen.has(series)) continue;
      seen.add(series);
      add(origin); // of its first window
      for (const column of [...series.targets, ...series.features, ...series.known]) {
        add(column.length);
        new Int32Array(column.slice().buffer).forEach(add);
      }
    }
  }
  return hash >>> 0;
}
