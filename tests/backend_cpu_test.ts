import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf } from "@unroll/core";
import { assertEquals, assertThrows } from "@std/assert";
import { trainStep } from "../packages/core/step.ts";
import { randomExamples, randomWeights, upload } from "./helpers.ts";

/** How many float arrays `fn` makes. */
function countArrays(fn: () => void): number {
  const original = globalThis.Float32Array;
  let count = 0;
  globalThis.Float32Array = new Proxy(original, {
    construct(target, args, newTarget) {
      count++;
      return Reflect.construct(target, args, newTarget);
    },
  });
  try {
    fn();
  } finally {
    globalThis.Float32Array = original;
  }
  return count;
}

Deno.test("the cpu backend makes no buffer in a thousand steps once every length has come by", () => {
  const ops = opsOf(createCpuBackend());
  const batches = [1, 7, 4, 2, 8].map((length, i) => randomExamples(i, [length, 3], 6, 2));
  let weights = upload(ops, randomWeights(1, 6, 9, 2), 9);
  const step = (i: number) => {
    const result = trainStep(ops, weights, batches[i % batches.length], {
      learningRate: 0.01,
      clip: 1,
    });
    ops.dispose([result.losses, result.logits]);
    weights = result.weights;
  };
  const cold = countArrays(() => batches.forEach((_, i) => step(i)));
  const warm = countArrays(() => {
    for (let i = 0; i < 1000; i++) step(i);
  });
  assertEquals([cold > 0, warm], [true, 0]);
  assertEquals(ops.live, 5);
});

Deno.test("the cpu backend refuses the tensors of another", () => {
  const [one, other] = [createCpuBackend(), createCpuBackend()];
  assertThrows(() => one.tanh(other.zeros([1, 1])), TypeError, "made by another backend");
  assertThrows(() => one.oneHot(other.indices([0], 1)), TypeError, "made by another backend");
  assertThrows(() => one.dispose([other.zeros([1, 1])]), TypeError, "made by another backend");
});

Deno.test("the cpu backend names a tensor that is too large", () => {
  for (const rows of [2 ** 21, 2 ** 40]) {
    assertThrows(
      () => createCpuBackend().zeros([rows, 1024]),
      RangeError,
      `out of memory: a tensor [${rows}, 1024] has ${rows * 1024} numbers`,
    );
  }
});
