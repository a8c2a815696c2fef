import { type CpuBackend, createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  type FloatArray,
  Random,
  train,
  type Weights,
} from "@unroll/core";
import { assert, assertEquals, assertThrows } from "@std/assert";
import sentences from "#cli/sentences.json" with { type: "json" };
import { Threads } from "#cpu/threads.ts";
import { createKernels } from "#cpu/wasm/kernels.ts";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

/** Returns the weights after some steps of Adam, without the fast path for single sentences. */
async function trained(backend: Backend): Promise<Weights<FloatArray>> {
  const settings = { cell: "lstm", hidden: 33, layers: 2, bidirectional: true } as const;
  const model = createModel(sentences.train, { ...settings, embedding: 17, head: "max" });
  const options = { epochs: 3, batchSize: 19, optimizer: { name: "adam" }, clipNorm: 1 } as const;
  await Array.fromAsync(train(backend, model, sentences.train, options));
  return model.weights;
}

Deno.test("training on any number of threads makes the same weights, bit for bit", async () => {
  const one = await trained(CPU_BACKENDS["SIMD with FMA"]());
  for (const name of ["SIMD on two threads", "SIMD on three threads"]) {
    const backend = CPU_BACKENDS[name]();
    await trained(backend); // by now they have started
    const weights = await trained(backend);
    for (const key of Object.keys(one)) assertEquals(weights[key], one[key], `${name}: ${key}`);
  }
});

Deno.test("a recurrence with rows divided between threads is the same, padded or not", async () => {
  const [batch, hidden, timeSteps] = [9, 384, 4];
  const run = async (backend: CpuBackend) => {
    const random = new Random(1);
    const tensor = (rows: number, columns: number) =>
      backend.tensor(Float32Array.from({ length: rows * columns }, () => random.normal() / 16), [
        rows,
        columns,
      ]);
    const Whh = tensor(hidden, 4 * hidden);
    const dStates = tensor((timeSteps + 1) * batch, hidden);
    const active = [9, 7, 2, 1]; // of the rows, in each step
    for (const given of [undefined, active]) {
      const trace = backend.lstmForward!(
        tensor(timeSteps * batch, 4 * hidden),
        tensor(batch, hidden),
        tensor(batch, hidden),
        Whh,
        given,
      );
      const back = backend.lstmBackward!(dStates, trace, Whh, batch, undefined, given);
      results.push(await backend.read([trace.states, trace.cells, back.dInputs, back.dc0]));
    }
  };
  const results: FloatArray[][] = [];
  await run(CPU_BACKENDS["SIMD with FMA"]());
  for (const name of ["SIMD on two threads", "SIMD on three threads"]) {
    const backend = CPU_BACKENDS[name]();
    results.length = 2;
    for (let round = 0; round < 3; round++) { // by the last one, all threads have started
      await run(backend);
      await new Promise((done) => setTimeout(done, 100));
    }
    for (const [i, result] of results.entries()) assertEquals(result, results[i % 2], name);
  }
});

/** Returns a kernel that fills memory, on threads. */
function filler(count: number) {
  const kernels = createKernels(true)!;
  const threads = new Threads(kernels, count, 0);
  const numbers = new Float32Array(kernels.memory.buffer, 4096, 1000);
  const fill = (value: number) => {
    new Float32Array(threads.parameters.buffer, threads.parameters.byteOffset)[4] = value;
    threads.parameters.set([1, numbers.length, numbers.byteOffset, 0]);
    threads.steps.set([0, 0, 4, 0, 0]);
    threads.call(kernels.number.fill, 5, 1, 16, 1);
    return numbers.every((number) => number === value);
  };
  return { threads, fill };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("it did not come to pass in ten seconds");
    await new Promise((done) => setTimeout(done, 5));
  }
}

Deno.test("threads start when there is work, end when there is none, and start again", async () => {
  const { threads, fill } = filler(3);
  assert(fill(1), "before any has started");
  await until(() => threads.ready() === 3);
  for (let i = 2; i < 1000; i++) assert(fill(i), "shared among three");
  await until(() => threads.running() === 1);
  assert(fill(-1), "after they have ended");
  await until(() => threads.ready() === 3);
  assert(fill(-2), "shared again");
  await until(() => threads.running() === 1);
});

Deno.test("more threads than the maximum are limited to it", () => {
  assertEquals(new Threads(createKernels(true)!, 1000).count, 20);
});

Deno.test("createCpuBackend() refuses an invalid number of threads", () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    const message = `expected a whole number of threads, at least 1, got ${threads}`;
    assertThrows(() => createCpuBackend({ threads }), RangeError, message);
  }
});

const PROGRAM = `
import { type CpuBackend, createCpuBackend } from "@unroll/backend-cpu";
const backend = createCpuBackend({ threads: 3 });
const a = backend.zeros([300, 300]);
for (let i = 0; i < 100; i++) backend.dispose([backend.matmul(a, a)]);
`;
const ENDS: [name: string, rest: string, code: number][] = [
  ["at its end", "", 0],
  ["on an error", "throw new Error('on purpose');", 1],
  ["on an exit", "Deno.exit(3);", 3],
  ["on Ctrl-C", "console.log('ready'); for (;;) backend.dispose([backend.matmul(a, a)]);", 130],
];
for (const [name, rest, code] of ENDS) {
  Deno.test(`threads end with their program ${name}`, async () => {
    const file = await Deno.makeTempFile({ dir: import.meta.dirname, suffix: ".ts" });
    try {
      await Deno.writeTextFile(file, PROGRAM + rest);
      const began = performance.now();
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", file],
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = child.stdout.getReader();
      const first = await reader.read();
      if (!first.done) child.kill("SIGINT");
      await reader.cancel();
      const status = await child.status;
      assertEquals(status.code, code);
      assert(performance.now() - began < 20_000, "it took long to end");
    } finally {
      await Deno.remove(file);
    }
  });
}
