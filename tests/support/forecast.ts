/**
 * Small series and forecasters, for the tests.
 *
 * @module
 */
import {
  type Backend,
  createForecaster,
  type FloatArray,
  type ForecastModel,
  type ForecastOptions,
  opsOf,
  Random,
  type Series,
  type Weights,
} from "@unroll/core";
import {
  createForecastBatch,
  forecastBackward,
  forecastForward,
  forecastMasks,
  forecastShapes,
} from "#core/forecast/network.ts";
import { forecastLoss, rowWeightsOf } from "#core/forecast/training.ts";
import { gatherWindows, type Window, windowsOf } from "#core/forecast/windows.ts";
import { uploadNumbers } from "#core/network/losses/numbers.ts";
import { mapWeights } from "#core/network/weights.ts";

const HOUR = 3_600_000; // milliseconds

/** Returns independent normal numbers with mean 0 and deviation 1. */
export function normals(count: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
}

/** Returns hourly series with a daily wave in `a` and `b`, and two covariates. */
export function hourly(rows: number, seed = 1): Series {
  const random = new Random(seed);
  const noise = () => 0.1 * random.normal();
  const column = (fn: (t: number) => number) =>
    Float64Array.from({ length: rows }, (_, t) => fn(t));
  const sale = column((t) => t % 7 === 3 ? 1 : 0);
  return {
    columns: ["a", "b", "heat", "sale"],
    values: [
      column((t) => 20 + 0.02 * t + 3 * Math.sin(t * Math.PI / 12) + 2 * sale[t] + noise()),
      column((t) => 5 + Math.cos(t * Math.PI / 12) + noise()),
      column((t) => Math.sin(t / 5) + noise()),
      sale,
    ],
    time: column((t) => Date.UTC(2024, 0, 1) + t * HOUR),
  };
}

/** Returns a forecaster with every kind of input. */
export function wholeForecaster(options: ForecastOptions = {}, rows = 60): ForecastModel {
  return createForecaster([hourly(rows)], {
    targets: ["a", "b"],
    features: ["heat"],
    knownAhead: ["sale"],
    calendar: true,
    horizon: 5,
    window: 6,
    segment: 2,
    hidden: 3,
    season: 24,
    ...options,
  });
}

/** Returns weights that are large enough for every unit to matter. */
export function randomForecastWeights(seed: number, model: ForecastModel): Weights<FloatArray> {
  const random = new Random(seed);
  return mapWeights(
    forecastShapes(model),
    ([rows, columns]): FloatArray =>
      new Float64Array(rows * columns).map(() => 1.6 * random.uniform() - 0.8),
  );
}

/** Returns some windows of a series that are far apart. */
export function someWindows(model: ForecastModel, series: Series, count: number): Window[] {
  const all = windowsOf(model, [series]);
  const step = Math.floor(all.length / count);
  return Array.from({ length: count }, (_, i) => all.at(i * step)!);
}

/** Computes outputs, loss and gradients of some windows. */
export async function forecastPasses(
  backend: Backend,
  model: ForecastModel,
  weights: Weights<FloatArray>,
  windows: readonly Window[],
) {
  const ops = opsOf(backend), size = windows.length;
  const { x, known, y, columns } = gatherWindows(model, windows, ops.dtype);
  const rowWeights = rowWeightsOf(model, size), loss = forecastLoss(model);
  let names: string[] = [];
  const tensors = ops.scope(() => {
    const w = mapWeights(forecastShapes(model), (shape, name) => ops.tensor(weights[name], shape));
    const batch = createForecastBatch(ops, model, x, known, columns);
    const masks = forecastMasks(ops, model, size, { seed: 7, t: 1 });
    const pass = forecastForward(ops, model, w, batch, masks);
    const right = uploadNumbers(ops, y, rowWeights.length);
    const column = ops.tensor(rowWeights, [rowWeights.length, 1]);
    const dOutputs = loss.gradient(ops, pass.outputs, right, column);
    const gradients = forecastBackward(ops, model, w, batch, pass, dOutputs, masks);
    names = Object.keys(gradients);
    return [
      pass.outputs,
      loss.value(ops, pass.outputs, right),
      ...names.map((name) => gradients[name].values),
    ];
  });
  const [outputs, losses, ...rest] = await ops.read(tensors);
  ops.dispose(tensors);
  return {
    outputs,
    loss: rowWeights.reduce((sum, weight, i) => sum + weight * losses[i], 0),
    gradients: Object.fromEntries(names.map((name, i) => [name, rest[i]])),
  };
}
