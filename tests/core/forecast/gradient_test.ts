import { createCpuBackend } from "@unroll/backend-cpu";
import { assertEquals, assertLess } from "@std/assert";
import type { ForecastOptions } from "@unroll/core";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { NUMBER_LOSSES } from "#core/network/losses/losses.ts";
import {
  forecastPasses,
  hourly,
  randomForecastWeights,
  someWindows,
  wholeForecaster,
} from "#tests/support/forecast.ts";
import {
  CPU_BACKENDS,
  distance,
  relativeError,
  SMOOTH_CELLS,
  withoutFused,
} from "#tests/support/helpers.ts";

const paths = {
  "the fused ops": createCpuBackend({ dtype: "float64" }),
  "their composition": withoutFused(createCpuBackend({ dtype: "float64" })),
};

async function weightError(
  backend: (typeof paths)[keyof typeof paths],
  options: ForecastOptions,
): Promise<number> {
  const model = wholeForecaster(options);
  const weights = randomForecastWeights(5, model);
  const windows = someWindows(model, hourly(60), 3);
  const run = () => forecastPasses(backend, model, weights, windows);
  const { gradients } = await run();
  // A kink, of relu or of an absolute error, must not lie within the step.
  return await relativeError(weights, gradients, async () => (await run()).loss, 2e-4);
}

for (const [path, backend] of Object.entries(paths)) {
  for (const cell of SMOOTH_CELLS) {
    Deno.test(`forecastBackward() by ${path} equals finite differences: ${cell}`, async () => {
      const variants: ForecastOptions[] = [
        {},
        { layers: 2, dropout: 0.3 },
        { features: [], knownAhead: [], calendar: false, quantiles: [] },
        { horizon: 2 }, // a single segment
        { hidden: 1 }, // no learned column
      ];
      for (const options of path === "the fused ops" ? variants : variants.slice(0, 2)) {
        const error = await weightError(backend, { cell, ...options });
        assertLess(error, 1e-6, `${JSON.stringify(options)}: ${error}`);
      }
    });
  }
}

for (const loss of NUMBER_LOSSES) {
  Deno.test(`forecastBackward() equals finite differences: the loss ${loss}`, async () => {
    assertLess(await weightError(paths["the fused ops"], { loss, quantiles: [0.1, 0.5] }), 1e-6);
  });
}

Deno.test("steps beyond the horizon have no loss", async () => {
  const model = wholeForecaster(); // its horizon of 5 ends within a segment of 2
  const weights = randomForecastWeights(1, model), windows = someWindows(model, hourly(60), 2);
  const backend = createCpuBackend({ dtype: "float64" });
  const before = await forecastPasses(backend, model, weights, windows);
  for (const { series, origin } of windows) {
    for (const target of series.targets) target[origin + 5] += 100;
  }
  const after = await forecastPasses(backend, model, weights, windows);
  assertEquals(after.gradients, before.gradients);
});

Deno.test("every backend computes the same forecasts and gradients", async () => {
  for (const cell of CELL_NAMES) {
    const model = wholeForecaster({ cell, hidden: 20, layers: 2 });
    const weights = randomForecastWeights(2, model), windows = someWindows(model, hourly(60), 5);
    const expected = await forecastPasses(paths["the fused ops"], model, weights, windows);
    for (const [name, backend] of Object.entries(CPU_BACKENDS)) {
      const found = await forecastPasses(backend(), model, weights, windows);
      assertLess(distance(found.outputs, expected.outputs), 1e-4, name);
      for (const [weight, gradient] of Object.entries(expected.gradients)) {
        assertLess(distance(found.gradients[weight], gradient), 1e-4, `${name}: ${weight}`);
      }
    }
  }
});
