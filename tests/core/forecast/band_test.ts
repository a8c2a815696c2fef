import { createCpuBackend } from "@unroll/backend-cpu";
import {
  calibrateForecaster,
  createForecaster,
  evaluate,
  fit,
  type ForecastCalibration,
  type ForecastModel,
  predict,
  readModel,
  type Series,
  type SeriesPart,
  splitSeries,
  type TrainOptions,
  writeModel,
} from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { normals } from "#tests/support/forecast.ts";

const backend = createCpuBackend();
const TRAINING = {
  batchSize: 32,
  optimizer: { name: "adam" },
  learningRate: 0.005,
  clip: Infinity,
} as const;

/** Returns a seasonal series with a period of 12 rows, and noise. */
function noisy(rows: number, seed: number): Series {
  const noise = normals(rows, seed);
  return {
    columns: ["load"],
    values: [noise.map((value, t) => 10 + 2 * Math.sin(t * Math.PI / 6) + value)],
  };
}

/** Returns a random walk. */
function walk(rows: number, seed: number): Series {
  let at = 100;
  return { columns: ["price"], values: [normals(rows, seed).map((step) => at += step)] };
}

async function calibrated(
  model: ForecastModel,
  examples: SeriesPart[],
  training: TrainOptions<SeriesPart>,
): Promise<ForecastCalibration> {
  const turns = calibrateForecaster(backend, model, examples, training);
  for (;;) {
    const { done, value } = await turns.next();
    if (done) return value;
  }
}

Deno.test("an overfitted band is widened to its target coverage", async () => {
  const { train: rest, validation: test } = splitSeries(noisy(1500, 1), 400);
  const { train: learned, validation } = splitSeries(rest, 800);
  const model = createForecaster([learned], { horizon: 6, window: 24, hidden: 48, season: 12 });
  const options = { ...TRAINING, epochs: 80 };
  await fit(backend, model, [learned], options);
  const before = (await evaluate(backend, model, [test])).band!;
  assertLess(before.coverage, 0.8);
  assertEquals([before.calibratedOn, before.isSure], [undefined, false]);

  await calibrated(model, [learned], { ...options, validation: [validation] });
  const after = (await evaluate(backend, model, [test])).band!;
  assertEquals([after.calibratedOn, after.isSure], [795, true]);
  assert(Math.abs(after.coverage - 0.9) < 0.04, `${after.coverage}`);
  assertEquals(model.band!.parts, 6);
});

Deno.test("a band that is too wide is narrowed", async () => {
  const { train: rest, validation: test } = splitSeries(noisy(1500, 2), 400);
  const { train: learned, validation } = splitSeries(rest, 400);
  const model = createForecaster([learned], { horizon: 6, window: 24, hidden: 8, season: 12 });
  const by = model.weights.by;
  for (let s = 0; s < 6; s++) [by[6 + s], by[12 + s]] = [-4, 4]; // much too wide
  await calibrated(model, [learned], { validation: [validation] });
  const { band } = await evaluate(backend, model, [test]);
  assert(Math.abs(band!.coverage - 0.9) < 0.04, `${band!.coverage}`);
});

Deno.test("if all rows were trained on, a second network calibrates the band", async () => {
  const { train: learned, validation: test } = splitSeries(noisy(200, 3), 60);
  const model = createForecaster([learned], { horizon: 6, window: 24, hidden: 48, season: 12 });
  const options = { ...TRAINING, epochs: 60 };
  await fit(backend, model, [learned], options);
  const weights = structuredClone(model.weights);
  const before = (await evaluate(backend, model, [test])).band!;
  const { blend } = await calibrated(model, [learned], options);
  const after = (await evaluate(backend, model, [test])).band!;
  assertEquals(blend, undefined);
  assertEquals(model.weights, weights);
  assertEquals([after.calibratedOn, after.isSure, model.band!.parts], [23, false, 1]);
  assertLess(before.coverage, 0.8);
  assert(after.coverage > 0.8, `${after.coverage}`);
});

Deno.test("too few rows allow no calibration, and the model stays unchanged", async () => {
  const series = noisy(24, 4);
  const model = createForecaster([series], { horizon: 6, window: 12, hidden: 4, season: 1 });
  const before = structuredClone(model);
  const found = await calibrated(model, [series], { ...TRAINING, epochs: 2 });
  assertEquals(found, {});
  assertEquals(model, before);
});

Deno.test("forecasts of a random walk become naive forecasts", async () => {
  const { train: learned, validation: test } = splitSeries(walk(300, 5), 60);
  const model = createForecaster([learned], { horizon: 6, window: 24, hidden: 32, season: 1 });
  const options = { ...TRAINING, epochs: 60 };
  await fit(backend, model, [learned], options);
  const maes = async () => {
    const { methods } = await evaluate(backend, model, [test]);
    return methods.slice(0, 2).map(({ mae }) => mae);
  };
  const [before, naive] = await maes();
  assert(before > 1.2 * naive, `${before} ${naive}`);
  const { blend } = await calibrated(model, [learned], options);
  const [after] = await maes();
  assert(blend!.weight <= 0.25 && after < 1.05 * naive, `${blend!.weight}: ${after} ${naive}`);
});

Deno.test("a blend is a mean of both forecasts, with the quantiles at the same distances", async () => {
  const series = noisy(60, 6);
  const options = { horizon: 5, window: 12, segment: 4, hidden: 8, season: 12 };
  const model = createForecaster([series], options);
  const [whole] = await predict(backend, model, [series]);
  const [column] = series.values, last = column.at(-1)!;
  const naives = {
    "last value": () => last,
    "seasonal naive": (t: number) => column[48 + t],
  } as const;
  for (const [naive, forecastOf] of Object.entries(naives)) {
    model.blend = { naive: naive as keyof typeof naives, weight: 0.25 };
    const [part] = await predict(backend, model, [series]);
    for (let t = 0; t < 5; t++) {
      const forecast = 0.25 * whole.values[0][t] + 0.75 * forecastOf(t);
      assertAlmostEquals(part.values[0][t], forecast, 1e-5);
      for (const k of [0, 1]) {
        const distance = whole.quantiles[k].values[0][t] - whole.values[0][t];
        assertAlmostEquals(part.quantiles[k].values[0][t] - forecast, distance, 1e-5);
      }
    }
    const [window] = await predict(backend, model, [{
      ...series,
      values: [column.subarray(-12)],
    }]);
    assertEquals(window.values, part.values); // it needs only the window
  }
});

Deno.test("a file keeps the band's correction, and a damaged one is refused", async () => {
  const series = noisy(60, 7);
  const model = createForecaster([series], { horizon: 4, window: 12, hidden: 4 });
  const band = {
    windows: 20,
    apart: 5,
    parts: 2,
    factors: [[1, 2], [3, 4]],
    margins: [[0.1], [0]],
  };
  model.band = band;
  model.blend = { naive: "last value", weight: 0.5 };
  const read = await readModel(new Blob([writeModel(model)])) as ForecastModel;
  assertEquals([read.band, read.blend], [band, model.blend]);
  const [kept] = await predict(backend, model, [series]);
  assertEquals(await predict(backend, read, [series]), [kept]);
  const damages = [
    { parts: 5 },
    { factors: [[1, 2]] },
    { factors: [[1, -2], [3, 4]] },
    { margins: [[0.1, 0], [0]] },
    { windows: 0 },
  ];
  for (const damage of damages) {
    model.band = { ...band, ...damage };
    await assertRejects(
      () => readModel(new Blob([writeModel(model)])),
      Error,
      "is damaged: its band should be a forecaster's",
    );
  }
  model.band = band;
  model.blend = { naive: "last value", weight: 1 };
  await assertRejects(() => readModel(new Blob([writeModel(model)])), Error, "its blend should be");
});
