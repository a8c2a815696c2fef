/**
 * Training of forecasters.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Loss } from "../network/loss.ts";
import type { Weights } from "../network/weights.ts";
import type { Random } from "../random.ts";
import { type Sequence, sequenceOf } from "../sequence.ts";
import type { SettledOptions } from "../training/settled.ts";
import { applyGradients, type Step, type Trained, type UpdateSettings } from "../training/step.ts";
import type { Epoch, Sets, StepsSettings, TrainingTask } from "../training/training_task.ts";
import type { ForecastModel } from "./form.ts";
import { type ForecastForm, stepsOf } from "./form.ts";
import { ERROR_LOSSES, type ErrorLoss, quantileLoss } from "./loss.ts";
import { measureWindows } from "./measure.ts";
import {
  createForecastBatch,
  forecastBackward,
  forecastForward,
  forecastMasks,
} from "./network.ts";
import { gatherWindows, type PreparedSeries, type Window } from "./windows.ts";

const MOST_VALIDATED = 20_000; // more windows measure no better, and take long

/** The training of a forecaster. */
export function forecastTraining(
  model: ForecastModel,
  { examples, validation, test }: Sets<Window>,
  { batchSize }: SettledOptions,
): TrainingTask {
  let known: number | undefined;
  return {
    get checksum() {
      return known ??= checksumOf([examples, validation]);
    },
    begin(ops) {
      const measureOf = (set: Sequence<Window>) =>
        set.length === 0 ? undefined : async function* (weights: Weights<Tensor>) {
          return (yield* measureWindows({ ops, model, weights }, thinned(set))).metrics;
        };
      return {
        loss: ERROR_FIGURES,
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

/** Of many windows some, evenly. */
function thinned(set: Sequence<Window>): Sequence<Window> {
  if (set.length <= MOST_VALIDATED) return set;
  const step = set.length / MOST_VALIDATED;
  return sequenceOf(MOST_VALIDATED, (i) => set.at(Math.floor(i * step))!);
}

/** The batches of an epoch. */
function epochOf(
  ops: Ops,
  model: ForecastModel,
  examples: Sequence<Window>,
  batchSize: number,
  random?: Random,
): Epoch {
  const { length } = examples;
  const order = Uint32Array.from({ length }, (_, i) => i);
  random?.shuffle(order);
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

/** The mean absolute and the mean squared error of scaled values, which each step leaves. */
const ERROR_FIGURES: Pick<Loss<never>, "sums"> = {
  sums(outputs, _, targets) {
    let mae = 0, mse = 0;
    for (let i = 0; i < targets.length; i++) {
      mae += outputs[2 * i];
      mse += outputs[2 * i + 1];
    }
    return { mae, mse };
  },
};

/** The loss of the forecast, and of each quantile beside it. */
export function lossesOf({ loss, quantiles }: ForecastForm): ErrorLoss[] {
  return [ERROR_LOSSES[loss], ...quantiles.map(quantileLoss)];
}

/** A step on some windows. Consumes weights and slots. */
export function forecastStep(
  ops: Ops,
  model: ForecastForm,
  trained: Trained<Tensor>,
  windows: readonly Window[],
  { learningRates: [learningRate], ...settings }: StepsSettings,
): Step {
  const size = windows.length, rows = stepsOf(model)[1] * size;
  const { x, known, y, columns } = gatherWindows(model, windows, ops.dtype);
  const step: Step = { targets: new Int32Array(rows), count: 1 } as Step;
  const update: UpdateSettings = { ...settings, learningRate };
  ops.scope(() => {
    const batch = createForecastBatch(ops, model, x, known, columns);
    const masks = forecastMasks(ops, model, size, settings);
    const pass = forecastForward(ops, model, trained.weights, batch, masks);
    const errors = errorsOf(ops, model, pass.outputs, y);
    const dOutputs = errorGradient(ops, model, errors);
    const gradients = forecastBackward(
      ops,
      model,
      trained.weights,
      batch,
      pass,
      dOutputs,
      masks,
    );
    step.losses = rowLosses(ops, model, errors);
    const means = [ERROR_LOSSES.absolute, ERROR_LOSSES.squared].map((loss) =>
      rowMeans(ops, model, loss.value(ops, errors[0]))
    );
    step.outputs = ops.concatColumns(means);
    Object.assign(step, applyGradients(ops, trained, gradients, update));
    return [
      step.losses,
      step.outputs,
      ...Object.values(step.weights),
      ...Object.values(step.slots),
    ];
  });
  return step;
}

/**
 * e = y - ŷ of the forecast and of each quantile, `[rows, segment]`; 0 beyond the horizon.
 *
 * @param y The right values, as {@linkcode gatherWindows} gives them.
 */
export function errorsOf(
  ops: Ops,
  form: ForecastForm,
  outputs: Tensor,
  y: ArrayLike<number>,
): Tensor[] {
  const { segment, horizon, quantiles } = form;
  const [rows] = outputs.shape, [, M] = stepsOf(form);
  const right = ops.tensor(y, [rows, segment]);
  const mask = M * segment > horizon ? withinHorizon(ops, form, rows) : undefined;
  return Array.from({ length: 1 + quantiles.length }, (_, q) => {
    const e = ops.subtract(right, ops.sliceColumns(outputs, q * segment, (q + 1) * segment));
    return mask ? ops.multiply(e, mask) : e;
  });
}

/** 1 for each place within the horizon, 0 beyond it. */
function withinHorizon(ops: Ops, form: ForecastForm, rows: number): Tensor {
  const { segment, horizon } = form, size = rows / stepsOf(form)[1];
  const mask = Float32Array.from({ length: rows * segment }, (_, at) => {
    const m = Math.floor(at / (segment * size));
    return m * segment + at % segment < horizon ? 1 : 0;
  });
  return ops.tensor(mask, [rows, segment]);
}

/** The mean of a row's numbers, scaled so that the mean of all rows is the horizon's. */
function rowMeans(ops: Ops, form: ForecastForm, values: Tensor): Tensor {
  const { segment, horizon } = form, [, M] = stepsOf(form);
  const ones = ops.tensor(new Float32Array(segment).fill(1), [segment, 1]);
  return ops.scale(ops.matmul(values, ones), M / horizon);
}

/** The loss of each row: that of the forecast and those of the quantiles. */
export function rowLosses(ops: Ops, form: ForecastForm, errors: readonly Tensor[]): Tensor {
  const losses = lossesOf(form).map((loss, q) => loss.value(ops, errors[q]));
  return rowMeans(ops, form, losses.reduce((sum, each) => ops.add(sum, each)));
}

/** The gradient of the mean of the rows' losses for the outputs: -l'(e), divided by their number. */
export function errorGradient(ops: Ops, form: ForecastForm, errors: readonly Tensor[]): Tensor {
  const count = errors[0].shape[0] / stepsOf(form)[1] * form.horizon; // of values within horizons
  const slopes = lossesOf(form).map((loss, q) => ops.scale(loss.slope(ops, errors[q]), -1 / count));
  return slopes.length === 1 ? slopes[0] : ops.concatColumns(slopes);
}

/** A checksum of what windows read and forecast, by Fowler, Noll and Vo (FNV-1a, 32 bits). */
function checksumOf(sets: readonly Sequence<Window>[]): number {
  let hash = 0x811c9dc5;
  const add = (value: number) => hash = Math.imul(hash ^ value, 0x01000193);
  for (const set of sets) {
    add(set.length);
    const seen = new Set<PreparedSeries>();
    for (const { series, origin } of set) {
      if (seen.has(series)) continue;
      seen.add(series);
      add(origin); // the first
      for (const column of [...series.targets, ...series.features, ...series.known]) {
        add(column.length);
        new Int32Array(column.slice().buffer).forEach(add);
      }
    }
  }
  return hash >>> 0;
}
