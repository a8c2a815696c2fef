import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createForecaster,
  createPredictor,
  evaluate,
  fit,
  type ForecastModel,
  InputError,
  predict,
  readCheckpoint,
  readModel,
  type Series,
  splitSeries,
  train,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { hourly, wholeForecaster } from "#tests/support/forecast.ts";
import { CPU_BACKENDS, OWN_CPU_BACKENDS } from "#tests/support/helpers.ts";

const backend = createCpuBackend();
const OPTIONS = {
  batchSize: 16,
  optimizer: { name: "adam" },
  learningRate: 0.01,
  clip: Infinity,
} as const;

/** Returns a rising wave with a period of 12 rows, and some noise. */
function rising(rows: number): Series {
  const t = Float64Array.from({ length: rows }, (_, t) => t);
  return {
    columns: ["sales"],
    values: [t.map((t) => 100 + t / 2 + 10 * Math.sin(t * Math.PI / 6) + Math.sin(t * t))],
    time: t.map((t) => Date.UTC(2000, t)),
  };
}

/** A trained forecaster, created once. */
let made: Promise<ForecastModel> | undefined;
const { train: learned, validation: test } = splitSeries(rising(180), 36);
function trained(): Promise<ForecastModel> {
  return made ??= (async () => {
    const model = createForecaster([learned], { horizon: 12, window: 24, segment: 6, hidden: 16 });
    await fit(backend, model, [learned], { ...OPTIONS, epochs: 60 });
    return model;
  })();
}

Deno.test("a forecaster learns a wave, and beats the naive forecasts", async () => {
  const evaluation = await evaluate(backend, await trained(), [test]);
  const [own, ...others] = evaluation.methods;
  assertEquals(own.name, "model");
  assertEquals(others.map(({ name }) => name), ["last value", "seasonal naive", "drift", "ridge"]);
  assertEquals([evaluation.season, evaluation.windows], [12, 25]);
  assertLess(own.targets[0].mase, 0.6);
  for (const { name, mae } of others) if (name !== "ridge") assertLess(own.mae, mae, name);
  assertEquals(evaluation.steps.length, 12);
  assertAlmostEquals(evaluation.steps.reduce((a, b) => a + b) / 12, own.mae, 1e-12);
  assertAlmostEquals(own.targets[0].rmse ** 2, own.targets[0].mse, 1e-9);
});

Deno.test("a forecast starts after the last row, with times and a band", async () => {
  const model = await trained();
  const [forecast] = await predict(backend, model, [{ ...learned, name: "shop" }]);
  assertEquals([forecast.name, forecast.targets], ["shop", ["sales"]]);
  assertEquals(new Date(forecast.time![0]).toISOString(), "2012-01-01T00:00:00.000Z");
  assertEquals(new Date(forecast.time![11]).toISOString(), "2012-12-01T00:00:00.000Z");
  const [values] = forecast.values, right = rising(180).values[0].subarray(144, 156);
  const mae = values.reduce((sum, value, t) => sum + Math.abs(value - right[t]), 0) / 12;
  assertLess(mae, 3);
  const [low, high] = forecast.quantiles.map(({ values: [each] }) => each);
  assertEquals(forecast.quantiles.map(({ probability }) => probability), [0.05, 0.95]);
  for (const [t, value] of values.entries()) {
    assert(low[t] <= value && value <= high[t], `${low[t]} ${value} ${high[t]}`);
  }
});

Deno.test("a longer horizon than in training feeds back its own forecasts", async () => {
  const model = await trained();
  const [whole] = await predict(backend, model, [learned], { horizon: 30 });
  const [first] = await predict(backend, model, [learned]);
  assertEquals(whole.values[0].length, 30);
  assertEquals(whole.values[0].subarray(0, 12), first.values[0]);
  const longer = {
    columns: ["sales"],
    values: [Float64Array.of(...learned.values[0], ...first.values[0])],
  };
  const [second] = await predict(backend, model, [longer]);
  for (let t = 0; t < 12; t++) {
    assertAlmostEquals(whole.values[0][12 + t], second.values[0][t], 1e-6);
  }
});

Deno.test("several series are forecast the same together as alone", async () => {
  const model = await trained();
  const other = { ...learned, values: [learned.values[0].map((value) => value + 7)] };
  using predictor = createPredictor(backend, model);
  const together = await predictor.predict([learned, other]);
  const [alone] = await predictor.predict([other]);
  assertEquals(together[1].values, alone.values);
});

Deno.test("the logarithm is applied and inverted", async () => {
  const grown: Series = {
    columns: ["sales"],
    values: [rising(120).values[0].map((value) => Math.exp(value / 40))],
  };
  const options = { horizon: 6, window: 12, hidden: 8, log: true, season: 12 };
  const model = createForecaster([grown], options);
  await fit(backend, model, [grown], { ...OPTIONS, epochs: 15 });
  const [{ values: [values] }] = await predict(backend, model, [grown]);
  assert(values.every((value) => value > 0));
  const { methods: [own] } = await evaluate(backend, model, [grown]);
  assertLess(own.targets[0].smape, 0.1);
});

Deno.test("known-ahead values are in rows after the last value", async () => {
  const model = wholeForecaster({ hidden: 8 });
  const series = hourly(65);
  const missing = (column: Float64Array) => column.map((value, t) => t < 60 ? value : NaN);
  const values = series.values.map((column, c) => c < 3 ? missing(column) : column);
  const asked = { ...series, values };
  const [forecast] = await predict(backend, model, [asked]);
  assertEquals(forecast.values.map(({ length }) => length), [5, 5]);
  assertEquals(forecast.time, series.time!.slice(60));
  const changed = { ...asked, values: [...asked.values.slice(0, 3), asked.values[3].slice()] };
  changed.values[3][62] = 9;
  const [other] = await predict(backend, model, [changed]);
  assert(other.values[0][2] !== forecast.values[0][2]);
  await assertRejects(
    () => predict(backend, model, [hourly(60)]),
    InputError,
    'the model needs "sale" for the 5 rows that it forecasts, but there are 0',
  );
  await assertRejects(
    () => predict(backend, model, [asked], { horizon: 6 }),
    InputError,
    'the model reads "heat", which is not known beyond the data, so its horizon is at most 5',
  );
});

Deno.test("validation uses the end of the training data, and selects the epoch", async () => {
  const { train: part, validation } = splitSeries(learned, 24);
  const model = createForecaster([part], { horizon: 12, window: 24, hidden: 8 });
  const options = { ...OPTIONS, epochs: 30, validation: [validation], patience: 5 };
  const { bestEpoch, validation: measured } = await fit(backend, model, [part], options);
  assert(bestEpoch! >= 1 && measured!.mae < 1);
  const evaluation = await evaluate(backend, model, [validation]);
  assertEquals(evaluation.windows, 13); // each origin from the split on
  assertAlmostEquals(evaluation.loss, measured!.loss, 1e-9);
});

Deno.test("training gives the same weights on any number of threads", async () => {
  const weightsOn = async (name: string) => {
    const own = OWN_CPU_BACKENDS[name]();
    const model = wholeForecaster({ hidden: 20, layers: 2, dropout: 0.2 });
    await fit(own, model, [hourly(60)], { ...OPTIONS, epochs: 2 });
    assertEquals(own.live, 0);
    own.dispose();
    return model.weights;
  };
  const alone = await weightsOn("SIMD with FMA");
  assertEquals(await weightsOn("SIMD on two threads"), alone);
  assertEquals(await weightsOn("SIMD on three threads"), alone);
});

Deno.test("a forecaster resumes from a checkpoint file, bit for bit", async () => {
  const create = () => wholeForecaster({ cell: "lstm", layers: 2, dropout: 0.3 });
  const series = [hourly(60)];
  const options = { ...OPTIONS, epochs: 3, checkpointEvery: 2, validation: [hourly(40, 2)] };
  const whole = create();
  const files: Uint8Array<ArrayBuffer>[] = [];
  for await (const event of train(backend, whole, series, options)) {
    if (event.type === "checkpoint") files.push(writeCheckpoint(event.checkpoint));
  }
  for (const file of [files[0], files.at(-3)!]) {
    const { checkpoint } = await readCheckpoint(new Blob([file]), "checkpoint");
    const resumed = create();
    const resume = checkpoint as Checkpoint;
    await fit(backend, resumed, series, { ...options, resume });
    assertEquals(resumed.weights, whole.weights);
  }
  const { checkpoint } = await readCheckpoint(new Blob([files[0]]), "checkpoint");
  await assertRejects(
    () => fit(backend, create(), [hourly(60, 3)], { ...options, resume: checkpoint as Checkpoint }),
    InputError,
    "the examples are not those of the checkpoint",
  );
});

Deno.test("a forecaster is restored from its file", async () => {
  for (
    const model of [await trained(), wholeForecaster({ cell: "mingru", log: true, loss: "huber" })]
  ) {
    const bytes = new Blob([writeModel(model)]);
    assertEquals(await readModel(bytes), model);
    const text = new TextDecoder().decode(await bytes.arrayBuffer());
    for (const name of ["segment.weight", "rnn.weight_ih_l0", "position.weight", "head.weight"]) {
      assert(text.includes(`"${name}"`), name);
    }
  }
});

Deno.test("every backend evaluates a forecaster the same, and frees everything", async () => {
  const model = await trained();
  const { methods: [{ mse }] } = await evaluate(backend, model, [test]);
  for (const [name, create] of Object.entries(CPU_BACKENDS)) {
    const own = create(), before = own.live;
    const { methods: [found] } = await evaluate(own, model, [test]);
    assertAlmostEquals(found.mse, mse, 1e-5, name);
    assertEquals(own.live, before, name);
  }
});
