/**
 * gpu.js on WebGPU. Run by backend_gpujs_test.ts in a process of its own.
 *
 * @module
 */
import { createGpuJsBackend, probeMode } from "@unroll/backend-gpujs";
import { createModel, DeviceError, train } from "@unroll/core";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import sentences from "#cli/sentences.json" with { type: "json" };
import { loadGpuJs } from "#gpujs/modes.ts";
import { testMode } from "./suite.ts";

await testMode("webgpu");

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("gpujs uses no software adapter unless its mode is given", options, async () => {
  const { real } = await probeMode("webgpu");
  const backend = await createGpuJsBackend();
  assertEquals(backend.mode, real ? "webgpu" : "webasm");
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
