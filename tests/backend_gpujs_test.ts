import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createGpuJsBackend,
  type GpuJsBackend,
  type GpuJsMode,
  probeMode,
} from "@unroll/backend-gpujs";
import { createModel, DeviceError, InputError, opsOf, train } from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";
import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import sentences from "../packages/cli/sentences.json" with { type: "json" };
import { WEIGHT_NAMES } from "../packages/core/network.ts";
import { distance } from "./helpers.ts";

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
    const some = sentences.train.slice(0, 50);
    const [ours, theirs] = await Promise.all([backend, createCpuBackend()].map(async (backend) => {
      const model = createModel(some, { hidden: 16, init: "scaled" });
      await Array.fromAsync(train(backend, model, some, { epochs: 4 })); // 200 steps
      return model.weights;
    }));
    for (const name of WEIGHT_NAMES) assertLess(distance(ours[name], theirs[name]), 1e-4, name);
    assertEquals(backend.live, before);
  });
}
