/**
 * Forecasts the visitors of a museum for the year to come, and says how well it would have forecast
 * the last two years beside forecasts that need no network.
 *
 *     deno run examples/forecast.ts
 *
 * @module
 */
import {
  createForecaster,
  evaluate,
  fit,
  formatTime,
  predict,
  readSeries,
  splitSeries,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import table from "./visitors/visitors.csv" with { type: "text" };

// The last rows are of the year to come: its exhibitions are known, and its visitors NaN.
const { series: [visitors] } = readSeries(table, { keepEnd: true });
const months = visitors.values[0].findIndex(Number.isNaN);
const past = {
  ...visitors,
  values: visitors.values.map((column) => column.subarray(0, months)),
  time: visitors.time!.subarray(0, months),
};
const { train, validation: test } = splitSeries(past, 24);

const backend = createCpuBackend();
const model = createForecaster([train], {
  targets: ["visitors"],
  knownAhead: ["exhibition"],
  horizon: 12,
  window: 24,
  segment: 12,
  log: true,
});
await fit(backend, model, [train], {
  epochs: 100,
  batchSize: 16,
  optimizer: { name: "adam" },
  learningRate: 0.003,
  schedule: { name: "cosine" },
  clip: Infinity,
});

const { methods, band, season } = await evaluate(backend, model, [test]);
console.log(`a season has ${season} months; errors of the last 24 months:`);
for (const { name, targets: [{ mae, mase }] } of methods) {
  console.log(`  ${name}: MAE ${mae.toFixed(0)}, MASE ${mase.toFixed(2)}`);
}
console.log(`the band holds ${(100 * band!.coverage).toFixed(0)}% of them`);

const [{ time, values: [next], quantiles: [low, high] }] = await predict(backend, model, [
  visitors,
]);
for (let t = 0; t < 3; t++) {
  const [from, to] = [low, high].map(({ values: [ends] }) => ends[t].toFixed(0));
  console.log(`${formatTime(time![t]).slice(0, 7)}: ${next[t].toFixed(0)} (${from} to ${to})`);
}
