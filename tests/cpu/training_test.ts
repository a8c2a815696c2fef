import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, DeviceError, type FloatArray, opsOf, train } from "@unroll/core";
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import sentences from "#cli/sentences.json" with { type: "json" };
import { networkConfig } from "#core/network/config.ts";
import {
  CPU_BACKENDS,
  farthest,
  passes,
  randomExamples,
  randomWeights,
} from "#tests/support/helpers.ts";

const NETWORKS = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  [1, 3, 7, 63, 65].map((hidden) => ({ cell, hidden }))
);

for (const { cell, hidden } of NETWORKS) {
  Deno.test(`${cell} of ${hidden}: the gradients of every kernel equal those in float64`, async () => {
    const shape = { layers: 2, bidirectional: true, embedding: 5, head: "mean" } as const;
    const config = networkConfig({ cell, hidden, ...shape });
    const weights = randomWeights(1, config, 6, 3);
    for (const W of Object.values(weights)) W.forEach((x, i) => W[i] = x / Math.sqrt(hidden));
    const examples = randomExamples(2, [3, 1, 8, 5, 5], 6, 3);
    const right = await passes(
      CPU_BACKENDS["plain loops in float64"](),
      config,
      weights,
      examples,
    );
    for (const [name, create] of Object.entries(CPU_BACKENDS)) {
      const actual = await passes(create(), config, weights, examples);
      assertLess(Math.abs(actual.loss - right.loss), 1e-5, name);
      assertLess(farthest(actual.gradients, right.gradients), 2e-5, name);
    }
  });
}

/** Returns the losses of the first hundred steps. */
async function losses(cell: "rnn" | "lstm" | "gru", kernels: "plain" | "simd"): Promise<number[]> {
  const model = createModel(sentences.train, { cell, hidden: 32, init: "scaled" });
  const found: number[] = [];
  const backend = createCpuBackend({ kernels });
  for (let step = 0; step < 100; step++) {
    // One sentence per epoch, so that each step's loss is reported.
    const one = [sentences.train[(step * 7) % sentences.train.length]];
    for await (const event of train(backend, model, one, { epochs: 1 })) {
      if (event.type === "epoch") found.push(event.train.loss);
    }
  }
  return found;
}

for (const cell of ["rnn", "lstm", "gru"] as const) {
  Deno.test(`the first hundred losses of ${cell} on kernels equal those of plain loops`, async () => {
    const [plain, simd] = [await losses(cell, "plain"), await losses(cell, "simd")];
    assertEquals(plain.length, 100);
    for (const [i, loss] of plain.entries()) {
      assertLess(Math.abs(simd[i] / loss - 1), 1e-4, `step ${i + 1}`);
    }
  });
}

Deno.test("the same seed makes the same weights, bit for bit, on the same kernels", async () => {
  for (const kernels of ["plain", "simd"] as const) {
    const weights = [1, 2].map(async () => {
      const model = createModel(sentences.train, { hidden: 16 });
      await Array.fromAsync(
        train(createCpuBackend({ kernels }), model, sentences.train, { epochs: 5 }),
      );
      return model.weights;
    });
    assertEquals(await weights[0], await weights[1]);
  }
});

// Several bidirectional layers need all states of a text; the op for many steps keeps them too.
const whole = { plain: { bidirectional: true, layers: 2 }, simd: {} };

for (const kernels of ["plain", "simd"] as const) {
  Deno.test(`${kernels}: running out of memory reports the limit, and keeps the model`, async () => {
    const memory = 2 * 2 ** 20;
    const backend = createCpuBackend({ kernels, memory });
    const model = createModel(sentences.train, { hidden: 64, ...whole[kernels] });
    await Array.fromAsync(train(backend, model, sentences.train, { epochs: 1 }));
    const good = structuredClone(model.weights);
    const long = { text: new Array(9000).fill("good").join(" "), label: "positive" };
    const error = await assertRejects(
      () => Array.fromAsync(train(backend, model, [...sentences.train, long], { epochs: 1 })),
      DeviceError,
      "of 2 MiB are in use; allow more memory",
    );
    assert(/a tensor \[\d+, \d+\] needs \d+ numbers/.test(error.message), error.message);
    for (const [name, W] of Object.entries(model.weights)) {
      assert(W.every((x: number) => Number.isFinite(x)), name);
    }
    assertEquals(Object.keys(model.weights), Object.keys(good));
    // All memory is free again.
    await Array.fromAsync(train(backend, model, sentences.train, { epochs: 1 }));
    assertEquals(backend.live, 0);
  });
}

Deno.test("ten thousand steps leave nothing on the heap", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--v8-flags=--expose-gc", "heap.ts"],
    cwd: import.meta.dirname,
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const grown = JSON.parse(decode(stdout) || `"${decode(stderr)}"`);
  assertLess(grown.heap, 100_000);
  assertLess(grown.external, 100_000);
  assertEquals(grown.live, 0);
});

Deno.test("packed weights are recomputed when the weights have changed", async () => {
  const ops = opsOf(createCpuBackend());
  const [a, W] = [ops.tensor(new Float32Array(64).fill(1), [8, 8]), ops.zeros([8, 8])];
  const before = ops.matmul(a, W);
  const changed = ops.update(W, a, { keep: 1, add: 2 });
  const [zeros, sums]: FloatArray[] = await ops.read([before, ops.matmul(a, changed)]);
  assertEquals([...new Set(zeros), ...new Set(sums)], [0, 16]);
});
