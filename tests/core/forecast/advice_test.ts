import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createForecaster,
  evaluate,
  fit,
  Random,
  recommendForecast,
  type Series,
  splitSeries,
  train as learn,
} from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";

/** Returns monthly passengers of 12 years: they grow, and so does their seasonal swing. */
function passengers(): Series {
  const random = new Random(1);
  const year = [1, 0.95, 1.05, 1, 1, 1.15, 1.3, 1.3, 1.1, 0.95, 0.85, 1];
  const value = (t: number) => 120 * 1.01 ** t * year[t % 12] * (1 + 0.02 * random.normal());
  return {
    columns: ["passengers"],
    values: [Float64Array.from({ length: 144 }, (_, t) => Math.round(value(t)))],
  };
}

function waves(rows: number, columns: number): Series {
  const random = new Random(2);
  return {
    columns: Array.from({ length: columns }, (_, c) => `c${c}`),
    values: Array.from(
      { length: columns },
      () =>
        Float64Array.from(
          { length: rows },
          (_, t) => Math.sin(t * Math.PI / 12) + 0.1 * random.normal(),
        ),
    ),
  };
}

Deno.test("few rows get training on all rows, whole seasons, and a logarithm if their swings grow", () => {
  const { network, training, validation } = recommendForecast([passengers()]);
  const { season, segment, window, log, hidden } = network;
  assertEquals([season, segment, window, log, hidden], [12, 12, 24, true, 32]);
  assertEquals([validation, training.patience, training.batchSize], [0, undefined, 16]);
});

Deno.test("many rows get a larger network, and a validation split", () => {
  const { network, training, validation } = recommendForecast([waves(8640, 1)], { horizon: 96 });
  const { season, segment, window, log, hidden } = network;
  assertEquals([season, segment, window, log, hidden], [24, 48, 720, false, 64]);
  assertEquals([validation, training.patience, training.batchSize], [0.15, 5, 64]);
  assertEquals(recommendForecast([waves(8640, 7)], { horizon: 96 }).network.hidden, 128);
});

Deno.test("given settings are kept, and segments fit the horizon", () => {
  const given = recommendForecast([waves(2000, 2)], { hidden: 7, targets: ["c1"], horizon: 10 });
  assertEquals([given.network.hidden, given.network.targets], [7, ["c1"]]);
  assertEquals(given.network.segment, 10);
  const { window, segment } =
    recommendForecast([waves(500, 1)], { season: 1, horizon: 60 }).network;
  assertEquals([window! % segment!, 60 % segment!], [0, 0]);
  const cut = recommendForecast([waves(500, 1)], { window: 40, horizon: 20 }).network;
  assertEquals([cut.window, cut.segment], [40, undefined]);
  assertEquals(createForecaster([waves(500, 1)], cut).segment, 20);
});

Deno.test("the recommended settings forecast passengers better than seasonal naive", async () => {
  const { train, validation: test } = splitSeries(passengers(), 24);
  const { network, training } = recommendForecast([train]);
  const model = createForecaster([train], network), backend = createCpuBackend();
  await fit(backend, model, [train], training);
  const { methods, band } = await evaluate(backend, model, [test]);
  const mase = Object.fromEntries(methods.map(({ name, targets: [{ mase }] }) => [name, mase]));
  assertLess(mase.model, 0.8);
  assertLess(mase.model, 0.6 * mase["seasonal naive"]);
  assert(band!.coverage > 0.5, `${band!.coverage}`);
});

Deno.test("an epoch on very many windows trains on a sample of them", async () => {
  const long = waves(34_000, 1), backend = createCpuBackend();
  const model = createForecaster([long], { horizon: 1, window: 1, hidden: 1, quantiles: [] });
  const batches: number[] = [];
  const options = { epochs: 1, batchSize: 4096, shuffle: false, checkpointEvery: 1 };
  for await (const event of learn(backend, model, [long], options)) {
    if (event.type === "checkpoint") batches.push(event.checkpoint.progress.batches);
  }
  assertEquals(batches, [1, 2, 3, 4, 5, 6, 7, 0]); // eight batches: 2 ** 15 windows
});

/** Returns a load in quarters of an hour that is lower on weekends. */
function quarters(rows: number): Series {
  const random = new Random(3);
  const load = Float64Array.from({ length: rows }, (_, t) => {
    const isWeekend = t % 672 >= 480;
    return (isWeekend ? 2 : 3) * Math.sin(t * Math.PI / 48) - (isWeekend ? 3 : 0) +
      0.3 * random.normal();
  });
  return { columns: ["load"], values: [load] };
}

Deno.test("with several seasons, the window covers the longest, and the baseline repeats the best", () => {
  const series = quarters(4000);
  const { network } = recommendForecast([series], { horizon: 96 });
  assertEquals([network.season, network.segment, network.window], [[96, 672], 24, 672]);
  assertEquals(createForecaster([series], network).season, 672);
  assertEquals(createForecaster([series], { ...network, season: 96 }).season, 96);
  assertEquals(createForecaster([series], { ...network, season: [672, 96] }).season, 672);
  // With fewer rows, the window is shorter.
  assertEquals(recommendForecast([quarters(2100)], { horizon: 96 }).network.window, 408);
});

Deno.test("few rows without a season train for few steps", () => {
  let at = 100;
  const random = new Random(4);
  const walk = Float64Array.from({ length: 300 }, () => at += random.normal());
  const { network, training } = recommendForecast([{ columns: ["price"], values: [walk] }]);
  assertEquals([network.season, training.epochs], [1, 14]);
});
