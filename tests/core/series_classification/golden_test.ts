/**
 * Classifiers of series against PyTorch and finite differences.
 *
 * @module
 */
import { assertEquals, assertLess } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createSeriesClassifier,
  type FloatArray,
  opsOf,
  predict,
  Random,
  type Series,
  type SeriesClassificationModel,
  type Weights,
} from "@unroll/core";
import golden from "#tests/golden/series.json" with { type: "json" };
import { networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { fromTorch, torchShapes } from "#core/network/torch_names.ts";
import { uploadAll } from "#core/network/weights.ts";
import { encodeSeries } from "#core/series_classification/encode.ts";
import { inputWidth } from "#core/series_classification/features.ts";
import { seriesWork } from "#core/series_classification/training.ts";
import { distance, relativeError, withoutFused } from "#tests/support/helpers.ts";

const paths: [string, Backend][] = [
  ["the fused ops", createCpuBackend({ dtype: "float64" })],
  ["their composition", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

/** The losses of a step on all series, the logits and the gradients. */
async function stepOf(backend: Backend, model: SeriesClassificationModel, series: Series[]) {
  const ops = opsOf(backend), encoded = encodeSeries(model, series);
  const shapes = weightShapes(model.config, inputWidth(model), model.labels.length);
  let names: string[] = [];
  const tensors = ops.scope(() => {
    const weights = uploadAll(ops, shapes, model.weights);
    const { targets, rowWeights, loss, forward } = seriesWork(ops, model, encoded, {
      seed: 3,
      t: 7,
    });
    const pass = forward(weights), labels = ops.indices(targets, model.labels.length);
    const column = ops.tensor(rowWeights, [targets.length, 1]);
    const gradients = pass.backward(loss.gradient(ops, pass.outputs, labels, column));
    names = Object.keys(gradients);
    const losses = loss.value(ops, pass.outputs, labels);
    return [pass.outputs, losses, ...Object.values(gradients).map(({ values }) => values)];
  });
  const [logits, losses, ...numbers] = await ops.read(tensors);
  ops.dispose(tensors);
  const gradients: Weights<FloatArray> = Object.fromEntries(
    names.map((name, i) => [name, numbers[i]]),
  );
  const loss = [...losses].reduce((sum, each) => sum + each, 0) / losses.length;
  return { logits, losses, gradients, loss };
}

const SERIES: Series[] = golden.series.map((columns, i) => ({
  columns: ["a", "b"],
  values: columns.map((column) => Float64Array.from(column)),
  label: `${golden.targets[i]}`,
}));

for (const [i, { config, segment, ...entry }] of golden.networks.entries()) {
  for (const [path, backend] of paths) {
    Deno.test(`series classifier ${i + 1} computes PyTorch's logits, losses and gradients by ${path}`, async () => {
      const whole = networkConfig({
        ...config as { cell: "gru" },
        hidden: golden.hidden,
        head: "mean-max",
      });
      const shapes = torchShapes(whole, 4 * segment, golden.labels);
      const ours = (theirs: Record<string, number[]>) =>
        fromTorch(
          whole,
          (name) =>
            Float64Array.from(
              theirs[name] ?? new Array(shapes[name].reduce((a, b) => a * b)).fill(0),
            ),
        );
      const model: SeriesClassificationModel = {
        task: "series-classification",
        config: whole,
        ...{ vocabulary: ["<unk>"], labels: ["0", "1", "2"], columns: ["a", "b"], segment },
        ...{ scaling: golden.scaling, noise: 0, stretch: 0 },
        weights: ours(entry.weights as unknown as Record<string, number[]>),
      };
      const { logits, losses, gradients } = await stepOf(backend, model, SERIES);
      assertLess(distance(logits, entry.logits), 1e-6);
      assertLess(distance(losses, entry.losses), 1e-6);
      const theirs = ours(entry.gradients as unknown as Record<string, number[]>);
      assertEquals(Object.keys(gradients).sort(), Object.keys(theirs).sort());
      for (const name of Object.keys(theirs)) {
        assertLess(distance(gradients[name], theirs[name]), 1e-6, name);
      }
      const predictions = await predict(backend, model, SERIES);
      assertLess(distance(predictions.flatMap(({ logits }) => logits), entry.logits), 1e-6);
    });
  }
}

Deno.test("under noise, stretching and dropout, gradients equal finite differences", async () => {
  const random = new Random(2);
  const series = [6, 1, 9, 4].map((length, i): Series => ({
    columns: ["x", "y"],
    values: [0, 1].map(() => Float64Array.from({ length }, () => 5 + 3 * random.normal())),
    label: i % 2 ? "odd" : "even",
  }));
  for (const head of ["mean-max", "last"] as const) {
    for (const segment of [1, 4]) {
      const options = { hidden: 2, head, segment, dropout: 0.4, noise: 0.3, stretch: 0.3 };
      const model = createSeriesClassifier(series, options);
      const { gradients } = await stepOf(paths[0][1], model, series);
      const lossOf = async () => (await stepOf(paths[0][1], model, series)).loss;
      const error = await relativeError(model.weights, gradients, lossOf, 2e-4);
      assertLess(error, 1e-6, `${head}, segments of ${segment}: ${error}`);
    }
  }
});
