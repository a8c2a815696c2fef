/**
 * The gradients of series classifiers, compared with finite differences;
 * tests/core/network/numbers_golden_test.ts compares them with PyTorch's.
 *
 * @module
 */
import { assertLess } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import { createSeriesClassifier, Random, type Series } from "@unroll/core";
import { relativeError } from "#tests/support/helpers.ts";
import { seriesPasses } from "#tests/support/number_cases.ts";

const backend = createCpuBackend({ dtype: "float64" });

Deno.test("gradients with noise, stretching and dropout equal finite differences", async () => {
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
      const { gradients } = await seriesPasses(backend, model, series);
      const lossOf = async () => (await seriesPasses(backend, model, series)).loss;
      const error = await relativeError(model.weights, gradients, lossOf, 2e-4);
      assertLess(error, 1e-6, `${head}, segments of ${segment}: ${error}`);
    }
  }
});
