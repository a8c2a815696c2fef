/**
 * Compares a backend with PyTorch for numbers: regression losses, forecasters, classifiers of
 * series, and heads for regression and multi-label classification. The values come from
 * tests/golden/make_losses.py, make_forecasts.py, make_series.py and make_numbers.py.
 *
 * @module
 */
import {
  type Backend,
  type CellName,
  createForecaster,
  type FloatArray,
  type ForecastModel,
  type Ops,
  opsOf,
  predict,
  Random,
  type Series,
  type SeriesClassificationModel,
  type SeriesRegressionModel,
  type Shape,
  type Weights,
} from "@unroll/core";
import {
  absoluteLoss,
  binaryCrossEntropyLoss,
  huberLoss,
  type Loss,
  type NumberTargets,
  quantileLoss,
  rowWeightsOfNumbers,
  squaredLoss,
  uploadNumbers,
  weightedBinaryCrossEntropyLoss,
} from "@unroll/core/network";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { numberWork } from "#core/classification/number_training.ts";
import { forecastFromTorch, forecastToTorch } from "#core/forecast/torch_names.ts";
import type { PreparedSeries } from "#core/forecast/windows.ts";
import { multiLabelGoal } from "#core/multi_label/training.ts";
import { networkConfig } from "#core/network/config.ts";
import type { NumberLossName } from "#core/network/losses/losses.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { fromTorch, torchShapes } from "#core/network/torch_names.ts";
import { mapWeights, uploadAll } from "#core/network/weights.ts";
import { bitsOf } from "#core/regression/number.ts";
import { regressionGoal } from "#core/regression/training.ts";
import { encodeSeries } from "#core/series_classification/encode.ts";
import { inputWidth } from "#core/series_classification/features.ts";
import { seriesWork } from "#core/series_classification/training.ts";
import { encodeSeriesNumbers, seriesNumberWork } from "#core/series_regression/training.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { passOf } from "#core/training/pass.ts";
import type { StepWork } from "#core/training/step.ts";
import forecasts from "#tests/golden/forecasts.json" with { type: "json" };
import losses from "#tests/golden/losses.json" with { type: "json" };
import numbers from "#tests/golden/numbers.json" with { type: "json" };
import classified from "#tests/golden/series.json" with { type: "json" };
import { forecastPasses } from "./forecast.ts";
import { distance } from "./helpers.ts";

/** A case: a result of PyTorch that a backend must reproduce. */
export interface NumberCase {
  name: string;
  run(backend: Backend): Promise<void>;
}

/** All cases. */
export function numberCases(): NumberCase[] {
  return [...lossCases(), ...forecastCases(), ...seriesCases(), ...headCases()];
}

/** A backend's tolerance against PyTorch's float64. */
function toleranceOf({ dtype }: Backend): number {
  return dtype === "float64" ? 1e-8 : 1e-5;
}

// --- Losses ---

const { delta, quantiles } = losses;

/** The losses to compare with PyTorch's, by case. */
export const LOSSES: Record<keyof typeof losses.cases, Loss<NumberTargets>> = {
  squared: squaredLoss,
  absolute: absoluteLoss,
  huber: huberLoss(delta),
  quantiles: quantileLoss(quantiles),
  binary: binaryCrossEntropyLoss,
  binaryFar: binaryCrossEntropyLoss,
  binaryWeighted: weightedBinaryCrossEntropyLoss(losses.positive),
};

/** Computes the loss of each row, the mean, and its gradient. */
export async function lossOf(
  backend: Backend,
  loss: Loss<NumberTargets>,
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  rows: number,
) {
  const ops = opsOf(backend);
  const numbers = Float64Array.from(targets);
  const weights = rowWeightsOfNumbers(numbers, rows);
  const tensors = ops.scope(() => {
    const y = ops.tensor(outputs, [rows, outputs.length / rows]);
    const t = uploadNumbers(ops, numbers, rows);
    const w = ops.tensor(weights, [rows, 1]);
    return [loss.value(ops, y, t), loss.gradient(ops, y, t, w)];
  });
  const [each, gradient] = await ops.read(tensors);
  ops.dispose(tensors);
  const mean = weights.reduce((sum, weight, i) => sum + weight * each[i], 0);
  return { losses: each, mean, gradient };
}

/** The regression losses and their gradients. */
export function lossCases(): NumberCase[] {
  return Object.entries(losses.cases).map(([key, { outputs, targets, loss, gradient }]) => ({
    name: `computes PyTorch's loss of numbers and its gradient: ${key}`,
    async run(backend) {
      const before = backend.live;
      const own = LOSSES[key as keyof typeof losses.cases];
      const found = await lossOf(backend, own, outputs, targets, losses.rows);
      assertAlmostEquals(found.mean, loss, 1e-6 * Math.max(1, loss), key);
      assertLess(distance(found.gradient, gradient), 1e-6, key);
      assertEquals(backend.live, before);
    },
  }));
}

// --- Forecasters ---

const float64 = (all: readonly number[][]) => all.map((column) => Float64Array.from(column));
const names = (what: string, columns: readonly unknown[]) => columns.map((_, i) => `${what}${i}`);

/** The inputs of a forecaster: segments, covariates, learned positions and columns, and horizon. */
export function forecastCases(): NumberCase[] {
  return forecasts.cases.map((each) => ({
    name: `computes PyTorch's forecasts and gradients: ${each.cell}, ${each.layers} deep, ` +
      `${each.features.length} features, ${each.known.length} known ahead`,
    run: (backend) => compareForecasts(backend, each),
  }));
}

async function compareForecasts(
  backend: Backend,
  each: (typeof forecasts.cases)[number],
): Promise<void> {
  const { cell, layers, targets, features, known } = each, { horizon, segment } = forecasts;
  const tolerance = toleranceOf(backend);
  const columns = { targets: names("t", targets), features: names("f", features) };
  const knownAhead = names("k", known);
  const model: ForecastModel = createForecaster([{
    columns: [...columns.targets, ...columns.features, ...knownAhead],
    values: float64([...targets, ...features, ...known]),
  }], {
    ...{ ...columns, knownAhead, layers, horizon, segment, season: 1 },
    ...{ cell: cell as CellName, hidden: forecasts.hidden, window: forecasts.window },
    quantiles: forecasts.quantiles,
  });
  const series = {
    targets: float64(targets),
    features: float64(features),
    known: float64(known),
  } as PreparedSeries;
  const windows = forecasts.windows.map(([target, origin]) => ({ series, target, origin }));
  const theirs: Record<string, FloatArray> = Object.fromEntries(
    Object.entries(each.weights).map(([name, values]) => [name, Float64Array.from(values)]),
  );
  const own = forecastFromTorch(model, (name) => theirs[name]);
  const found = await forecastPasses(backend, model, own, windows);

  assertAlmostEquals(found.loss, each.loss, tolerance / 10);
  const size = windows.length, width = segment * (1 + forecasts.quantiles.length);
  for (const [i, { target, origin }] of windows.entries()) {
    const forecast = each.forecasts[i].map((_, at) => {
      const t = at % horizon, q = Math.floor(at / horizon);
      const row = Math.floor(t / segment) * size + i;
      return found.outputs[row * width + q * segment + t % segment] + targets[target][origin - 1];
    });
    assertLess(distance(forecast, each.forecasts[i]), tolerance);
  }
  const ours = forecastToTorch(model, found.gradients);
  assertEquals(Object.keys(ours).sort(), Object.keys(each.gradients).sort());
  for (const [name, values] of Object.entries(each.gradients)) {
    if (name.includes("bias_hh")) continue; // one bias here is the sum of two there
    assertLess(distance(ours[name].data, values), tolerance, name);
  }
}

// --- Whole series and texts ---

/** Computes outputs, losses, their mean and the gradients of a step. */
export async function workPasses(
  backend: Backend,
  shapes: Weights<Shape>,
  weights: Weights<FloatArray>,
  workOf: (ops: Ops) => StepWork | StepWork<Float64Array>,
) {
  const ops = opsOf(backend);
  let gradientNames: string[] = [], rowWeights = new Float64Array(0);
  const tensors = ops.scope(() => {
    const work = workOf(ops), { forward } = work;
    rowWeights = work.rowWeights.slice();
    const pass = forward(uploadAll(ops, shapes, weights));
    const rows = rowWeights.length, column = ops.tensor(rowWeights, [rows, 1]);
    const { losses, dOutputs } = lossesOf(ops, work, pass.outputs, column);
    const gradients = mapWeights(
      pass.backward(dOutputs),
      // An embedding's gradient has only the rows of the batch's words.
      ({ values, rows }, name) =>
        rows ? ops.update(ops.zeros(shapes[name]), values, { keep: 1, add: 1, rows }) : values,
    );
    gradientNames = Object.keys(gradients);
    return [pass.outputs, losses, ...Object.values(gradients)];
  });
  const [outputs, losses, ...values] = await ops.read(tensors);
  ops.dispose(tensors);
  const gradients: Weights<FloatArray> = Object.fromEntries(
    gradientNames.map((name, i) => [name, values[i].slice()]),
  );
  const loss = rowWeights.reduce((sum, weight, i) => sum + weight * losses[i], 0);
  return { outputs, losses, gradients, loss };
}

type Pass = ReturnType<StepWork["forward"]>;

function lossesOf(
  ops: Ops,
  work: StepWork | StepWork<Float64Array>,
  outputs: Pass["outputs"],
  column: Pass["outputs"],
) {
  if (isOfNumbers(work)) {
    const right = uploadNumbers(ops, work.targets, work.rowWeights.length);
    const dOutputs = work.loss.gradient(ops, outputs, right, column);
    return { losses: work.loss.value(ops, outputs, right), dOutputs };
  }
  const right = ops.indices(work.targets, outputs.shape[1]);
  const dOutputs = work.loss.gradient(ops, outputs, right, column);
  return { losses: work.loss.value(ops, outputs, right), dOutputs };
}

function isOfNumbers(work: StepWork | StepWork<Float64Array>): work is StepWork<Float64Array> {
  return work.targets instanceof Float64Array;
}

/** PyTorch's weights or gradients under the names of the equations; missing ones are zero. */
function oursOf(
  config: ReturnType<typeof networkConfig>,
  [width, outputs]: [width: number, outputs: number],
  theirs: Record<string, number[]>,
): Weights<FloatArray> {
  const shapes = torchShapes(config, width, outputs);
  const zeros = (name: string) => new Array(shapes[name].reduce((a, b) => a * b)).fill(0);
  return fromTorch(config, (name) => Float64Array.from(theirs[name] ?? zeros(name)));
}

function seriesOf(all: readonly number[][][], labels: readonly string[]): Series[] {
  return all.map((columns, i) => ({
    columns: ["a", "b"],
    values: float64(columns),
    label: labels[i],
  }));
}

/** Compares a step with an entry. */
function compare(
  backend: Backend,
  found: Awaited<ReturnType<typeof workPasses>>,
  entry: { outputs: number[]; losses: number[] },
  gradients: Weights<FloatArray>,
): void {
  const tolerance = toleranceOf(backend);
  assertLess(distance(found.outputs, entry.outputs), tolerance, "outputs");
  assertLess(distance(found.losses, entry.losses), tolerance, "losses");
  assertEquals(Object.keys(found.gradients).sort(), Object.keys(gradients).sort());
  for (const [name, values] of Object.entries(gradients)) {
    assertLess(distance(found.gradients[name], values), tolerance, name);
  }
}

/** A step on series with labels. */
export function seriesPasses(
  backend: Backend,
  model: SeriesClassificationModel,
  series: readonly Series[],
) {
  const encoded = encodeSeries(model, series);
  const shapes = weightShapes(model.config, inputWidth(model), model.labels.length);
  return workPasses(
    backend,
    shapes,
    model.weights,
    (ops) => seriesWork(ops, model, encoded, { seed: 3, t: 7 }),
  );
}

/** Labeled series: dense inputs, segments, mean and max pooling. */
export function seriesCases(): NumberCase[] {
  return classified.networks.map(({ config, segment, ...entry }) => ({
    name: `computes PyTorch's logits, losses and gradients of series: ${config.cell}, ` +
      `${config.layers} deep, segments of ${segment}`,
    async run(backend) {
      const { hidden, scaling, labels, targets } = classified;
      const whole = networkConfig({ ...config as { cell: "gru" }, hidden, head: "mean-max" });
      const ours = (theirs: object) =>
        oursOf(whole, [4 * segment, labels], theirs as Record<string, number[]>);
      const model: SeriesClassificationModel = {
        task: "series-classification",
        config: whole,
        ...{ vocabulary: ["<unk>"], labels: ["0", "1", "2"], columns: ["a", "b"], segment },
        ...{ scaling, noise: 0, stretch: 0 },
        weights: ours(entry.weights),
      };
      const series = seriesOf(classified.series, targets.map(String));
      const found = await seriesPasses(backend, model, series);
      compare(backend, found, { ...entry, outputs: entry.logits }, ours(entry.gradients));
      const predictions = await predict(backend, model, series);
      const logits = predictions.flatMap(({ logits }) => logits);
      assertLess(distance(logits, entry.logits), toleranceOf(backend));
    },
  }));
}

/** Returns the texts of the golden file, with their targets. */
function textsFor(isBinary: boolean): EncodedExample[] {
  return numbers.sentences.map((words, i) => ({
    words: Int32Array.from(words),
    labels: isBinary
      ? Int32Array.from(numbers.labels[i].flatMap((is, label) => is ? [label] : []))
      : bitsOf(numbers.numbers[i]),
  }));
}

/** Regression of texts and series by each loss, and multi-label classification. */
export function headCases(): NumberCase[] {
  return numbers.networks.map((entry) => ({
    name: `computes PyTorch's outputs, losses and gradients of ${entry.reads}: ${entry.loss}, ` +
      `${entry.config.cell}, ${entry.config.layers} deep, ${entry.config.head}` +
      (entry.config.embedding ? ", embedding" : ""),
    run: (backend) => compareHead(backend, entry),
  }));
}

async function compareHead(
  backend: Backend,
  entry: (typeof numbers.networks)[number],
): Promise<void> {
  const { hidden, scale, scaling, words } = numbers;
  const config = networkConfig({ ...entry.config as { cell: "gru"; head: "max" }, hidden });
  const isBinary = entry.loss === "binary", isOfSeries = entry.reads === "series";
  const outputs = isBinary ? numbers.labels[0].length : 1;
  const width = isOfSeries ? 4 : words;
  const ours = (theirs: object) =>
    oursOf(config, [width, outputs], theirs as Record<string, number[]>);
  const shapes = weightShapes(config, width, outputs);
  const settings = { seed: 1, t: 1 }, loss = entry.loss as NumberLossName;
  const found = await workPasses(backend, shapes, ours(entry.weights), (ops) => {
    if (isOfSeries) {
      const model = {
        task: "series-regression",
        ...{ config, loss, scale, scaling, columns: ["a", "b"], segment: 1, noise: 0, stretch: 0 },
      } as unknown as SeriesRegressionModel;
      const series = encodeSeriesNumbers(
        model,
        seriesOf(numbers.series, numbers.numbers.map(String)),
      );
      return seriesNumberWork(ops, model, series, settings);
    }
    const goal = isBinary
      ? multiLabelGoal({ labels: ["a", "b", "c"], threshold: 0.5 })
      : regressionGoal({ loss, scale });
    const texts = textsFor(isBinary);
    const longest = Math.max(...texts.map(({ words }) => words.length));
    return numberWork(texts, goal, passOf(ops, config, texts, longest, settings));
  });
  compare(backend, found, entry, ours(entry.gradients));
}

/** Returns weights of these shapes that are large enough for every unit to matter. */
export function largeWeights(seed: number, shapes: Weights<Shape>): Weights<FloatArray> {
  const random = new Random(seed);
  return mapWeights(
    shapes,
    ([rows, columns]): FloatArray =>
      new Float64Array(rows * columns).map(() => 1.6 * random.uniform() - 0.8),
  );
}
