import {
  createPredictor,
  createSeriesRegressor,
  evaluate,
  fit,
  InputError,
  predict,
  readCheckpoint,
  readModel,
  type Series,
  train,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { assertThrows } from "@std/assert";
import { CPU_BACKENDS, relativeError } from "#tests/support/helpers.ts";
import { NUMBER_LOSSES } from "#core/network/losses/losses.ts";
import { seriesRegression } from "#core/series_regression/task.ts";
import { encodeSeriesNumbers, seriesNumberWork } from "#core/series_regression/training.ts";
import { largeWeights, workPasses } from "#tests/support/number_cases.ts";

/** Waves of different speeds and lengths, labeled with 1000 times their speed. */
function waves(count: number, shift = 0): Series[] {
  return Array.from({ length: count }, (_, i) => {
    const speed = 0.2 + 0.02 * ((7 * i + shift) % 31);
    const rows = 20 + (5 * i) % 13;
    return {
      name: `wave ${i}`,
      where: `waves.csv:${i + 2}`,
      columns: ["x", "y"],
      values: [
        Float64Array.from({ length: rows }, (_, t) => Math.sin(speed * t + i)),
        Float64Array.from({ length: rows }, (_, t) => Math.cos(speed * t + i)),
      ],
      label: String(Math.round(1000 * speed)),
    };
  });
}

const NETWORK = { hidden: 12, dropout: 0 } as const;
const TRAINING: TrainOptions<Series> = {
  epochs: 40,
  batchSize: 8,
  optimizer: { name: "adam" },
  learningRate: 0.01,
  clip: Infinity,
  clipNorm: 1,
};

Deno.test("a series regression model learns numbers, and predicts in their unit", async () => {
  const backend = createCpuBackend();
  const model = createSeriesRegressor(waves(62), NETWORK);
  const { train, test } = await fit(backend, model, waves(62), { ...TRAINING, test: waves(20, 3) });
  assertEquals([Object.keys(train!), Object.keys(test!)], [["loss", "mae"], [
    "loss",
    "mae",
    "rmse",
  ]]);
  const found = await evaluate(backend, model, waves(20, 3));
  assertAlmostEquals(found.mae, test!.mae, 1e-3);
  assertLess(found.mae, found.baselines.median.mae / 4);
  assert(found.r2 > 0.9, String(found.r2));
  assertEquals(found.mistakes.length, 10);
  const [slow, fast] = await predict(backend, model, [waves(1)[0], waves(1, 29)[0]]);
  assertEquals([slow.name, slow.rows], ["wave 0", 20]);
  assertAlmostEquals(slow.value, 200, 80);
  assertAlmostEquals(fast.value, 780, 80);
  assertEquals(backend.live, 0);
  backend.dispose();
});

Deno.test("the gradient of series regression equals finite differences, for each loss", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  for (const loss of NUMBER_LOSSES) {
    for (const segment of [1, 4]) {
      const options = { hidden: 3, layers: 2, segment, loss, dropout: 0.3, noise: 0.2 };
      const model = createSeriesRegressor(waves(5), options);
      const some = encodeSeriesNumbers(model, waves(5)).slice(0, 3);
      const shapes = seriesRegression.shapes(model), weights = largeWeights(4, shapes);
      const pass = () =>
        workPasses(
          backend,
          shapes,
          weights,
          (ops) => seriesNumberWork(ops, model, some, { seed: 1, t: 1 }),
        );
      const { gradients } = await pass();
      const error = await relativeError(weights, gradients, async () => (await pass()).loss, 2e-4);
      assertLess(error, 1e-6, `${loss}, segments of ${segment}: ${error}`);
    }
  }
});

Deno.test("training resumes from any checkpoint bit for bit, on any number of threads", async () => {
  const options = { ...TRAINING, epochs: 3, validation: waves(9, 2), patience: 2 };
  const create = () => createSeriesRegressor(waves(22), { ...NETWORK, dropout: 0.3, stretch: 0.1 });
  const whole = create();
  await fit(CPU_BACKENDS["SIMD on two threads"](), whole, waves(22), options);
  const events = await Array.fromAsync(
    train(createCpuBackend(), create(), waves(22), { ...options, checkpointEvery: 2 }),
  );
  const checkpoints = events.filter((event) => event.type === "checkpoint");
  assert(checkpoints.length >= 5);
  for (const { checkpoint } of checkpoints) {
    const { checkpoint: resume } = await readCheckpoint(new Blob([writeCheckpoint(checkpoint)]));
    const rest = create();
    await fit(createCpuBackend(), rest, waves(22), { ...options, resume });
    assertEquals(writeModel(rest), writeModel(whole));
  }
});

Deno.test("a series regression model is restored from its file", async () => {
  const model = createSeriesRegressor(waves(8), { ...NETWORK, loss: "absolute", segment: 2 });
  const again = await readModel(new Blob([writeModel(model)]));
  assertEquals<object>({ ...again, weights: 0 }, { ...model, weights: 0 });
  assertEquals(writeModel(again), writeModel(model));
});

Deno.test("a series without a number is refused with its position", async () => {
  const [first, ...others] = waves(3);
  const create = (label?: string) => () => createSeriesRegressor([...others, { ...first, label }]);
  assertThrows(create("fast"), InputError, 'waves.csv:2: the label "fast" is not a number; write');
  assertThrows(create(), InputError, "waves.csv:2: the series has no label; give it one");
  const same = waves(3).map((each) => ({ ...each, label: "1" }));
  assertThrows(() => createSeriesRegressor(same), InputError, "every example has the number 1;");
  assertThrows(() => createSeriesRegressor([]), InputError, "there are no series to learn from");
  const model = createSeriesRegressor(waves(3), NETWORK);
  using predictor = createPredictor(createCpuBackend(), model);
  await assertRejects(() => predictor.evaluate([{ ...first, label: "x" }]), InputError, '"x"');
  const other = { ...first, columns: ["x", "z"] };
  await assertRejects(() => predictor.predict([other]), InputError, 'there is no "y" among');
});
