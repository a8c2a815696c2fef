import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createGpuJsBackend,
  type GpuJsBackend,
  type GpuJsMode,
  probeMode,
} from "@unroll/backend-gpujs";
import { createModel, DeviceError, train } from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";
import { assertEquals, assertLess, assertMatch, assertRejects, assertThrows } from "@std/assert";
import sentences from "../packages/cli/sentences.json" with { type: "json" };
import { type GpuJsDevice, loadGpuJs } from "../packages/backend-gpujs/modes.ts";
import { distanceFromCpu } from "./helpers.ts";

for (const mode of ["webasm", "webgpu"] satisfies GpuJsMode[]) {
  const { works, adapter } = await probeMode(mode);
  const backend = works ? await createGpuJsBackend({ mode }) : undefined;
  const test = (name: string, fn: (backend: GpuJsBackend) => Promise<void>) =>
    Deno.test({
      name: `gpujs:${mode}${works ? "" : ` (skipped: ${adapter})`}: ${name}`,
      ignore: !works,
      // gpu.js keeps its device and its buffers until the process ends.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => fn(backend!),
    });

  for (const { name, run } of conformanceCases(() => backend!)) test(name, run);

  test("training gives the weights that cpu gives", async (backend) => {
    const before = backend.live;
    assertLess(await distanceFromCpu(backend), 1e-4);
    assertEquals(backend.live, before);
  });
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("createGpuJsBackend() refuses a mode that is not here, and says why", async () => {
  await assertRejects(
    () => createGpuJsBackend({ mode: "webgl2" }),
    Error,
    "gpu.js webgl2 does not work here: WebGL2 is for browsers",
  );
});

Deno.test("createGpuJsBackend() refuses a module that is not gpu.js", async () => {
  await assertRejects(
    () => createGpuJsBackend({ mode: "webasm", gpujs: { answer: 42 } }),
    Error,
    "the option gpujs is not the module gpu.js: it has answer",
  );
});

Deno.test("gpujs takes no software adapter unless its mode is asked for", options, async () => {
  const { real } = await probeMode("webgpu");
  const backend = await createGpuJsBackend();
  assertEquals(backend.mode, real ? "webgpu" : "webasm");
  await backend.close();
});

Deno.test("gpujs checks its limits when a tensor is made", options, async () => {
  const backend = await createGpuJsBackend({ mode: "webasm" });
  assertThrows(
    () => backend.indices([0], 2 ** 24 + 1),
    RangeError,
    "exact below 16777216, got a bound of 16777217",
  );
  assertThrows(
    () => backend.zeros([2 ** 20, 2 ** 10]),
    DeviceError,
    "zeros() to [1048576, 1024]: gpu.js webasm holds at most 268435456 numbers",
  );
  await backend.close();
});

const webgpu = await probeMode("webgpu");
const skipped = webgpu.works ? "" : ` (skipped: ${webgpu.adapter})`;

Deno.test({
  name: `gpujs:webgpu${skipped}: checks rows and columns`,
  ignore: !webgpu.works,
  ...options,
  async fn() {
    const backend = await createGpuJsBackend({ mode: "webgpu" });
    const { maxSide } = webgpu;
    const most = backend.zeros([maxSide, 1]);
    assertEquals((await backend.read([most]))[0].length, maxSide);
    assertThrows(() => backend.zeros([maxSide + 1, 1]), DeviceError, `and ${maxSide} rows`);
    backend.dispose([most]);
  },
});

Deno.test("gpujs refuses the tensors of another backend", options, async () => {
  const backend = await createGpuJsBackend({ mode: "webasm" });
  const other = createCpuBackend();
  assertThrows(() => backend.tanh(other.zeros([1, 1])), TypeError, "made by another backend");
  assertThrows(() => backend.oneHot(other.indices([0], 1)), TypeError, "made by another backend");
  await backend.close();
});

Deno.test("gpujs on webasm gives kernels back when there are too many", options, async () => {
  const backend = await createGpuJsBackend({ mode: "webasm" });
  for (const pass of [1, 2]) {
    for (let n = 1; n <= 600; n++) { // two kernels each
      const a = backend.tensor(new Array(n).fill(pass), [1, n]);
      const double = backend.scale(a, 2);
      const [[sum]] = await backend.read([backend.matmul(a, double, { transposeB: true })]);
      assertEquals(sum, 2 * n * pass * pass);
    }
  }
  await backend.close();
});

/** gpu.js with some of its kernels failing: what a driver may do that refuses one. */
async function failing(source: RegExp): Promise<unknown> {
  const { GPU, Input } = await loadGpuJs();
  class Failing {
    readonly gpu: GpuJsDevice;
    constructor(options: { mode: GpuJsMode }) {
      this.gpu = new GPU(options);
    }
    createKernel(text: string, settings: Record<string, unknown>) {
      if (source.test(text)) throw new Error("shader does not compile");
      return this.gpu.createKernel(text, settings);
    }
    destroy() {
      return this.gpu.destroy();
    }
  }
  return { GPU: Failing, Input };
}

for (const mode of ["webasm", "webgpu"] satisfies GpuJsMode[]) {
  const { works, adapter } = await probeMode(mode);
  Deno.test({
    name: `gpujs:${mode}${works ? "" : ` (skipped: ${adapter})`}: a kernel that does not compile ` +
      "ends training with the op, the shape and the last good weights",
    ignore: !works,
    ...options,
    async fn() {
      const backend = await createGpuJsBackend({ mode, gpujs: await failing(/rate/) });
      const model = createModel(sentences.train, { hidden: 4 });
      const before = structuredClone(model.weights);
      const error = await assertRejects(
        () => Array.fromAsync(train(backend, model, sentences.train)),
        DeviceError,
        `failed in gpu.js ${mode}: shader does not compile`,
      );
      assertMatch(
        error.message,
        /^sgd\(\) of \[\d+, \d+\] and \[\d+, \d+\] to \[\d+, \d+\] failed/,
      );
      assertEquals(model.weights, before);
      assertEquals(backend.live, 0);
    },
  });
}

Deno.test({
  name: `gpujs:webgpu${skipped}: an error that WebGPU only reports fails the next read`,
  ignore: !webgpu.works,
  ...options,
  async fn() {
    const gpujs = await loadGpuJs();
    const backend = await createGpuJsBackend({ mode: "webgpu", gpujs });
    const { device } = await gpujs.WebGPUContext!.acquire();
    const error = new Error("Not enough memory left");
    const event = Object.assign(new Event("uncapturederror"), { error });
    (device as unknown as EventTarget).dispatchEvent(event);
    await assertRejects(
      () => backend.read([backend.zeros([2, 3])]),
      DeviceError,
      "read() of [2, 3] failed in gpu.js webgpu: Not enough memory left",
    );
  },
});

Deno.test({
  name:
    `gpujs:webgpu${webgpu.works ? "" : ` (skipped: ${webgpu.adapter})`}: losing the device ends ` +
    "training with the last good weights",
  ignore: !webgpu.works,
  ...options,
  async fn() {
    const gpujs = await loadGpuJs();
    const backend = await createGpuJsBackend({ mode: "webgpu", gpujs });
    const model = createModel(sentences.train, { hidden: 4 });
    let good: typeof model.weights | undefined;
    await assertRejects(
      async () => {
        for await (const event of train(backend, model, sentences.train, { batchSize: 31 })) {
          if (event.type !== "epoch" || event.epoch < 2) continue;
          good ??= structuredClone(model.weights);
          const { device } = await gpujs.WebGPUContext!.acquire();
          (device as unknown as { destroy(): void }).destroy();
        }
      },
      DeviceError,
      "failed in gpu.js webgpu: ",
    );
    assertEquals(model.weights, good);
  },
});
