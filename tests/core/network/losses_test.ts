// The numbers of PyTorch come from tests/golden/make_losses.py.
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, type FloatArray, InputError, opsOf } from "@unroll/core";
import {
  absoluteLoss,
  binaryCrossEntropyLoss,
  huberLoss,
  type Loss,
  type NumberTargets,
  quantileLoss,
  rowWeightsOfNumbers,
  squaredLoss,
  uploadNumbers,
} from "@unroll/core/network";
import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import golden from "#tests/golden/losses.json" with { type: "json" };
import { distance, OWN_CPU_BACKENDS, relativeError } from "#tests/support/helpers.ts";

const { rows, delta, quantiles, cases } = golden;
const LOSSES: Record<keyof typeof cases, Loss<NumberTargets>> = {
  squared: squaredLoss,
  absolute: absoluteLoss,
  huber: huberLoss(delta),
  quantiles: quantileLoss(quantiles),
  binary: binaryCrossEntropyLoss,
  binaryFar: binaryCrossEntropyLoss,
};

/** The loss of each row, their mean, and the gradient of that. */
async function lossOf(
  backend: Backend,
  loss: Loss<NumberTargets>,
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  rows: number,
) {
  const ops = opsOf(backend);
  const numbers = Float64Array.from(targets);
  const weights = rowWeightsOfNumbers(numbers, rows);
  const tensors = ops.scope(() => {
    const y = ops.tensor(outputs, [rows, outputs.length / rows]);
    const t = uploadNumbers(ops, numbers, rows);
    const w = ops.tensor(weights, [rows, 1]);
    return [loss.value(ops, y, t), loss.gradient(ops, y, t, w)];
  });
  const [losses, gradient] = await ops.read(tensors);
  ops.dispose(tensors);
  const mean = weights.reduce((sum, weight, i) => sum + weight * losses[i], 0);
  return { losses, mean, gradient };
}

for (const [name, create] of Object.entries(OWN_CPU_BACKENDS)) {
  Deno.test(`${name} computes PyTorch's losses of numbers, and their gradients`, async () => {
    const backend = create();
    for (const [key, { outputs, targets, loss, gradient }] of Object.entries(cases)) {
      const own = LOSSES[key as keyof typeof cases];
      const found = await lossOf(backend, own, outputs, targets, rows);
      assertAlmostEquals(found.mean, loss, 1e-6 * Math.max(1, loss), key);
      assertLess(distance(found.gradient, gradient), 1e-6, key);
    }
    assertEquals(backend.live, 0);
    backend.dispose();
  });
}

const exact = createCpuBackend({ dtype: "float64" });

for (const key of Object.keys(cases) as (keyof typeof cases)[]) {
  Deno.test(`the gradient of ${key} equals finite differences, with numbers missing`, async () => {
    const { outputs, targets } = cases[key];
    const some = targets.map((target, i) => i === 1 || i >= targets.length - 3 ? NaN : target);
    const y = Float64Array.from(outputs) as FloatArray;
    const { gradient } = await lossOf(exact, LOSSES[key], y, some, rows);
    const mean = async () => (await lossOf(exact, LOSSES[key], y, some, rows)).mean;
    assertLess(await relativeError({ y }, { y: gradient.slice() }, mean), 1e-6);
  });
}

Deno.test("a number that is missing has no loss and no gradient, and a row of them none at all", async () => {
  const outputs = [1, 5, 3, 4], targets = [0, NaN, NaN, NaN];
  const { losses, gradient } = await lossOf(exact, squaredLoss, outputs, targets, 2);
  assertEquals([...losses], [1, 0]);
  assertEquals([...gradient], [2, 0, 0, 0]);
});

Deno.test("figures beside a loss of numbers are sums over rows of the mean of each", () => {
  const targets = [1, 2, 3, NaN, NaN, NaN];
  const outputs = Float64Array.of(2, 4, 3, 9, 9, 9);
  assertEquals(squaredLoss.sums(outputs, 2, targets), { mae: 1.5, mse: 2.5 });
  // Those of several quantiles are the median's.
  const bands = Float64Array.of(0, 2, 4, 0, 3, 6);
  assertEquals(quantileLoss([0.1, 0.5, 0.9]).sums(bands, 3, [1, 5]), { mae: 3, mse: 5 });
});

Deno.test("the figure beside binary cross-entropy is the exact match", () => {
  const outputs = Float64Array.of(1, -1, 1, 1, -2, 3);
  assertEquals(binaryCrossEntropyLoss.sums(outputs, 2, [1, 0, 1, 0, 0, 1]), { exact: 2 });
});

Deno.test("quantiles out of range or order, and a delta of 0, are refused", () => {
  assertThrows(() => quantileLoss([]), InputError, "at least one quantile");
  assertThrows(() => quantileLoss([0.5, 1]), InputError, "above 0 and below 1, got 1");
  assertThrows(() => quantileLoss([0.9, 0.1]), InputError, "quantiles must rise, got 0.9, 0.1");
  assertThrows(() => huberLoss(0), InputError, "the delta of Huber's loss must be above 0");
});
