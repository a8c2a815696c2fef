import { createCpuBackend } from "@unroll/backend-cpu";
import { DeviceError, opsOf } from "@unroll/core";
import { assertEquals, assertThrows } from "@std/assert";
import { networkConfig } from "#core/network/config.ts";
import { settledStep } from "#tests/support/helpers.ts";

/** Counts the float arrays that `fn` creates. */
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

for (const cell of ["rnn", "lstm", "gru"] as const) {
  Deno.test(`the cpu backend creates no buffer in a thousand steps of ${cell} once it has seen every length`, () => {
    const ops = opsOf(createCpuBackend());
    const config = networkConfig({ cell, hidden: 9 });
    const { step, dispose } = settledStep(ops, config, [1, 7, 4, 2, 8].map((n) => [n, 3]));
    const cold = countArrays(() => [0, 1, 2, 3, 4].forEach((i) => step(i)));
    const warm = countArrays(() => {
      for (let i = 0; i < 1000; i++) step(i);
    });
    assertEquals([cold > 0, warm], [true, 0]);
    dispose();
    assertEquals(ops.live, 0);
  });
}

Deno.test("the cpu backend carries NaN through the clipping of an update", async () => {
  const backend = createCpuBackend();
  const state = backend.tensor([1, 1, 1], [1, 3]);
  const change = backend.tensor([NaN, Infinity, -Infinity], [1, 3]);
  const updated = backend.update(state, change, { keep: 1, add: 1, clip: 2 });
  assertEquals([...(await backend.read([updated]))[0]], [NaN, 3, -1]);
});

Deno.test("the cpu backend refuses the tensors of another", () => {
  const [one, other] = [createCpuBackend(), createCpuBackend()];
  assertThrows(() => one.tanh(other.zeros([1, 1])), TypeError, "made by another backend");
  assertThrows(() => one.oneHot(other.indices([0], 1)), TypeError, "made by another backend");
  assertThrows(() => one.dispose([other.zeros([1, 1])]), TypeError, "made by another backend");
});

Deno.test("the cpu backend reports a tensor that is too large", () => {
  for (const rows of [2 ** 21, 2 ** 40]) {
    assertThrows(
      () => createCpuBackend().zeros([rows, 1024]),
      DeviceError,
      `out of memory: a tensor [${rows}, 1024] needs ${rows * 1024} numbers`,
    );
  }
});
