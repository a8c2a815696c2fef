import { createBlasBackend } from "@unroll/backend-blas";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  type Checkpoint,
  createModel,
  type FloatArray,
  type Model,
  Random,
  readCheckpoint,
  train,
  type TrainOptions,
  type Weights,
  writeCheckpoint,
} from "@unroll/core";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import sentences from "#cli/sentences.json" with { type: "json" };
import { hasBlas } from "#tests/support/helpers.ts";

const ignore = !hasBlas(); // as there is none, or this run may not call it

/** The weights after some steps of Adam at sizes that a BLAS is taken for. */
async function trained(backend: Backend, epochs = 2): Promise<Weights<FloatArray>> {
  const settings = { cell: "lstm", hidden: 48, layers: 2, bidirectional: true } as const;
  const model = createModel(sentences.train, { ...settings, embedding: 32, head: "max" });
  const options = { epochs, batchSize: 31, optimizer: { name: "adam" }, clipNorm: 1 } as const;
  await Array.fromAsync(train(backend, model, sentences.train, options));
  return model.weights;
}

Deno.test("without the permission, a BLAS is refused", () => {
  if (Deno.permissions.querySync({ name: "ffi" }).state === "granted") return;
  assertThrows(() => createBlasBackend(), Deno.errors.NotCapable);
});

Deno.test({ name: "a BLAS says what it is and how fast", ignore }, () => {
  using backend = createBlasBackend();
  assertEquals(backend.name, "blas");
  assert(backend.library.name.length > 0 && backend.library.path.length > 0);
  assert(backend.library.gflops > backend.wasmGflops, "it is taken where it is faster");
});

Deno.test({ name: "a file that is no BLAS is refused by name", ignore }, () => {
  assertThrows(
    () => createBlasBackend({ path: "no-such-library.so" }),
    Error,
    "no-such-library.so",
  );
});

for (const [threads, strips] of [[1, false], [1, true], [2, false], [2, true]] as const) {
  const how = `on ${threads} threads, ${strips ? "in" : "without"} strips`;
  Deno.test(
    { name: `a BLAS ${how}, trains to the same weights each time`, ignore },
    async () => {
      using backend = createBlasBackend({ threads, minWorkToShare: 0, strips });
      const first = await trained(backend);
      assertEquals(await trained(backend), first);
      using other = createBlasBackend({ threads, minWorkToShare: 0, strips });
      assertEquals(await trained(other), first);
    },
  );
}

Deno.test(
  { name: "a BLAS in strips makes products of all sizes, of b and of its transpose", ignore },
  async () => {
    using blas = createBlasBackend({ strips: true });
    using plain = createCpuBackend({ dtype: "float64" });
    const random = new Random(2);
    // Strips and blocks that are whole, and that are not.
    for (const [m, k, n] of [[4, 600, 64], [61, 513, 65], [130, 40, 200], [31, 1100, 7]]) {
      for (const transposeB of [false, true]) {
        const [a, b] = [m * k, k * n].map((count) =>
          Array.from({ length: count }, () => random.normal())
        );
        const [x, y] = await Promise.all([blas, plain].map(async (backend) => {
          const right = backend.tensor(b, transposeB ? [n, k] : [k, n]);
          const product = backend.matmul(backend.tensor(a, [m, k]), right, { transposeB });
          return (await backend.read([product]))[0];
        }));
        const apart = Math.max(...Array.from(x, (value, i) => Math.abs(value - y[i])));
        assertLess(apart, 1e-3, `${m} ${k} ${n} ${transposeB}`);
      }
    }
  },
);

Deno.test(
  { name: "a BLAS trains to the weights of WebAssembly but for rounding", ignore },
  async () => {
    using backend = createBlasBackend();
    using wasm = createCpuBackend();
    const [a, b] = [await trained(backend, 1), await trained(wasm, 1)];
    for (const name of Object.keys(a)) {
      const apart = Math.max(...Array.from(a[name], (value, i) => Math.abs(value - b[name][i])));
      assertLess(apart, 1e-4, name);
    }
  },
);

Deno.test({ name: "a BLAS makes products with a single row, column or step", ignore }, async () => {
  using blas = createBlasBackend();
  using plain = createCpuBackend({ dtype: "float64" });
  const random = new Random(1);
  const sizes = [[1, 128, 128], [128, 1, 128], [128, 128, 1], [1, 1, 20_000], [20_000, 1, 1]];
  for (const [m, k, n] of sizes) {
    for (
      const [transposeA, transposeB] of [[false, false], [true, false], [false, true], [true, true]]
    ) {
      const [a, b] = [m * k, k * n].map((count) =>
        Array.from({ length: count }, () => random.normal())
      );
      const [x, y] = await Promise.all([blas, plain].map(async (backend) => {
        const [left, right] = [
          backend.tensor(a, transposeA ? [k, m] : [m, k]),
          backend.tensor(b, transposeB ? [n, k] : [k, n]),
        ];
        const [product] = await backend.read([
          backend.matmul(left, right, { transposeA, transposeB }),
        ]);
        return product;
      }));
      const apart = Math.max(
        ...Array.from({ length: Math.min(2000, x.length) }, (_, i) => Math.abs(x[i] - y[i])),
      );
      assertLess(apart, 1e-3, `${m} ${k} ${n} ${transposeA} ${transposeB}`);
    }
  }
});

Deno.test(
  { name: "a run on a BLAS that is resumed ends with the same weights", ignore },
  async () => {
    using backend = createBlasBackend({ threads: 2, minWorkToShare: 0 });
    const network = { cell: "gru", hidden: 48, embedding: 32, dropout: 0.2 } as const;
    const options = {
      batchSize: 16,
      optimizer: { name: "adam" },
      validation: sentences.test,
    } as const;
    const run = async (model: Model, more: TrainOptions) => {
      let checkpoint: Checkpoint | undefined;
      for await (const event of train(backend, model, sentences.train, { ...options, ...more })) {
        if (event.type === "checkpoint") checkpoint = event.checkpoint;
      }
      return checkpoint;
    };
    const whole = createModel(sentences.train, network),
      parted = createModel(sentences.train, network);
    await run(whole, { epochs: 4 });
    const checkpoint = await run(parted, { epochs: 2, checkpointEvery: 2 });
    const { checkpoint: resume } = await readCheckpoint(new Blob([writeCheckpoint(checkpoint!)]));
    await run(parted, { epochs: 4, resume });
    assertEquals(parted.weights, whole.weights);
  },
);
