// numbers_golden_test.ts compares the losses with PyTorch's, on every backend.
import { createCpuBackend } from "@unroll/backend-cpu";
import { type FloatArray, InputError } from "@unroll/core";
import { binaryCrossEntropyLoss, huberLoss, quantileLoss, squaredLoss } from "@unroll/core/network";
import { assertEquals, assertLess, assertThrows } from "@std/assert";
import golden from "#tests/golden/losses.json" with { type: "json" };
import { relativeError } from "#tests/support/helpers.ts";
import { LOSSES, lossOf } from "#tests/support/number_cases.ts";

const { rows, cases } = golden;

const exact = createCpuBackend({ dtype: "float64" });

for (const key of Object.keys(cases) as (keyof typeof cases)[]) {
  Deno.test(`the gradient of ${key} equals finite differences, with missing values`, async () => {
    const { outputs, targets } = cases[key];
    const some = targets.map((target, i) => i === 1 || i >= targets.length - 3 ? NaN : target);
    const y = Float64Array.from(outputs) as FloatArray;
    const { gradient } = await lossOf(exact, LOSSES[key], y, some, rows);
    const mean = async () => (await lossOf(exact, LOSSES[key], y, some, rows)).mean;
    assertLess(await relativeError({ y }, { y: gradient.slice() }, mean), 1e-6);
  });
}

Deno.test("missing values have no loss and no gradient, even if a whole row is missing", async () => {
  const outputs = [1, 5, 3, 4], targets = [0, NaN, NaN, NaN];
  const { losses, gradient } = await lossOf(exact, squaredLoss, outputs, targets, 2);
  assertEquals([...losses], [1, 0]);
  assertEquals([...gradient], [2, 0, 0, 0]);
});

Deno.test("metrics of a regression loss are sums over rows of each row's mean", () => {
  const targets = [1, 2, 3, NaN, NaN, NaN];
  const outputs = Float64Array.of(2, 4, 3, 9, 9, 9);
  assertEquals(squaredLoss.sums(outputs, 2, targets), { mae: 1.5, mse: 2.5 });
  // With several quantiles, the metrics are those of the median.
  const bands = Float64Array.of(0, 2, 4, 0, 3, 6);
  assertEquals(quantileLoss([0.1, 0.5, 0.9]).sums(bands, 3, [1, 5]), { mae: 3, mse: 5 });
});

Deno.test("the metric of binary cross-entropy is the exact match", () => {
  const outputs = Float64Array.of(1, -1, 1, 1, -2, 3);
  assertEquals(binaryCrossEntropyLoss.sums(outputs, 2, [1, 0, 1, 0, 0, 1]), { exact: 2 });
});

Deno.test("quantileLoss() throws if quantiles are out of range or order, and huberLoss() if delta is 0", () => {
  assertThrows(() => quantileLoss([]), InputError, "at least one quantile");
  assertThrows(() => quantileLoss([0.5, 1]), InputError, "above 0 and below 1, got 1");
  assertThrows(() => quantileLoss([0.9, 0.1]), InputError, "quantiles must increase, got 0.9, 0.1");
  assertThrows(() => huberLoss(0), InputError, "the delta of Huber's loss must be above 0");
});
