import { createCpuBackend } from "@unroll/backend-cpu";
import { type CellName, createForecaster, type FloatArray, type ForecastModel } from "@unroll/core";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { forecastFromTorch, forecastToTorch } from "#core/forecast/torch_names.ts";
import type { PreparedSeries } from "#core/forecast/windows.ts";
import golden from "#tests/golden/forecasts.json" with { type: "json" };
import { forecastPasses } from "#tests/support/forecast.ts";
import { distance } from "#tests/support/helpers.ts";

const backend = createCpuBackend({ dtype: "float64" });
const { horizon, segment } = golden;

const names = (what: string, columns: readonly unknown[]) => columns.map((_, i) => `${what}${i}`);

for (const each of golden.cases) {
  const { cell, layers, targets, features, known, weights, gradients } = each;
  Deno.test(`forecasts and gradients are PyTorch's: ${cell}, ${layers} deep, ${features.length} features`, async () => {
    const columns = { targets: names("t", targets), features: names("f", features) };
    const knownAhead = names("k", known);
    const model: ForecastModel = createForecaster([{
      columns: [...columns.targets, ...columns.features, ...knownAhead],
      values: [...targets, ...features, ...known].map((column) => Float64Array.from(column)),
    }], {
      ...{ ...columns, knownAhead, layers, horizon, segment, season: 1 },
      ...{ cell: cell as CellName, hidden: golden.hidden, window: golden.window },
      quantiles: golden.quantiles,
    });
    const numbers = (all: number[][]) => all.map((column) => Float64Array.from(column));
    const series = {
      targets: numbers(targets),
      features: numbers(features),
      known: numbers(known),
    } as PreparedSeries;
    const windows = golden.windows.map(([target, origin]) => ({ series, target, origin }));
    const theirs: Record<string, FloatArray> = Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    const own = forecastFromTorch(model, (name) => theirs[name]);
    const found = await forecastPasses(backend, model, own, windows);

    assertAlmostEquals(found.loss, each.loss, 1e-9);
    const size = windows.length, width = segment * (1 + golden.quantiles.length);
    for (const [i, { target, origin }] of windows.entries()) {
      const forecast = each.forecasts[i].map((_, at) => {
        const t = at % horizon, q = Math.floor(at / horizon);
        const row = Math.floor(t / segment) * size + i;
        return found.outputs[row * width + q * segment + t % segment] + targets[target][origin - 1];
      });
      assertLess(distance(forecast, each.forecasts[i]), 1e-8);
    }
    const ours = forecastToTorch(model, found.gradients);
    assertEquals(Object.keys(ours).sort(), Object.keys(gradients).sort());
    for (const [name, values] of Object.entries(gradients)) {
      if (name.includes("bias_hh")) continue; // one bias here does what two do there
      assertLess(distance(ours[name].data, values), 1e-8, name);
    }
  });
}
