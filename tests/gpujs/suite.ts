/**
 * What a mode of gpu.js must do: the tests of both modes that Deno has.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createGpuJsBackend,
  type GpuJsBackend,
  type GpuJsMode,
  probeMode,
} from "@unroll/backend-gpujs";
import { createModel, DeviceError, train } from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";
import { assertEquals, assertLess, assertMatch, assertRejects } from "@std/assert";
import sentences from "#cli/sentences.json" with { type: "json" };
import { type GpuJsDevice, loadGpuJs } from "#gpujs/modes.ts";
import { goldenCases } from "#tests/support/golden_cases.ts";
import { distanceFromCpu, farthest } from "#tests/support/helpers.ts";
import { letterCases } from "#tests/support/letter_cases.ts";
import { numberCases } from "#tests/support/number_cases.ts";
import { sequenceCases } from "#tests/support/sequence_cases.ts";

/** Registers the tests of a mode; where it does not work they are skipped, and say why. */
export async function testMode(mode: GpuJsMode): Promise<void> {
  const { works, adapter } = await probeMode(mode);
  const skipped = works ? "" : ` (skipped: ${adapter})`;
  const backend = works ? await createGpuJsBackend({ mode }) : undefined;
  const test = (name: string, fn: (backend: GpuJsBackend) => Promise<void>) =>
    Deno.test({
      name: `gpujs:${mode}${skipped}: ${name}`,
      ignore: !works,
      // gpu.js keeps its device and its buffers until the process ends.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => fn(backend!),
    });

  const createOwn = () => createGpuJsBackend({ mode });
  for (const { name, run } of conformanceCases(() => backend!, createOwn)) test(name, run);

  for (
    const { name, run } of [
      ...goldenCases(),
      ...sequenceCases(7),
      ...numberCases(),
      ...letterCases(),
    ]
  ) {
    test(name, run);
  }

  test("training makes the weights of cpu", async (backend) => {
    const before = backend.live;
    assertLess(await distanceFromCpu(backend), 1e-4);
    assertEquals(backend.live, before);
  });

  test("label weights, including 0, train to the weights of cpu", async (backend) => {
    const some = sentences.train.slice(0, 12);
    const labelWeights = { positive: 3, negative: 0 };
    for (const batchSize of [1, 4]) {
      const [here, there] = [0, 0].map(() => createModel(some, { hidden: 4, init: "scaled" }));
      const options = { epochs: 2, batchSize, learningRate: 0.1, labelWeights };
      await Array.fromAsync(train(backend, here, some, options));
      await Array.fromAsync(train(createCpuBackend(), there, some, options));
      assertLess(farthest(here.weights, there.weights), 1e-4, `batch size ${batchSize}`);
    }
  });

  test("a tagger with a CRF trains to the weights of cpu", async (backend) => {
    const some = [
      { text: "ann lee sat", label: "B-PER I-PER O" },
      { text: "in rome", label: "O B-LOC" },
      { text: "rome", label: "B-LOC" },
    ];
    const [here, there] = [0, 0].map(() =>
      createModel(some, { hidden: 4, init: "scaled", head: "token", crf: true })
    );
    const options = { epochs: 3, batchSize: 2, learningRate: 0.1 };
    await Array.fromAsync(train(backend, here, some, options));
    await Array.fromAsync(train(createCpuBackend(), there, some, options));
    assertLess(farthest(here.weights, there.weights), 1e-4);
  });

  Deno.test({
    name: `gpujs:${mode}${skipped}: a kernel that does not compile ` +
      "ends training with the op, the shape and the last good weights",
    ignore: !works,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const backend = await createGpuJsBackend({ mode, gpujs: await failing(/keep/) });
      const model = createModel(sentences.train, { hidden: 4 });
      const before = structuredClone(model.weights);
      const error = await assertRejects(
        () => Array.fromAsync(train(backend, model, sentences.train)),
        DeviceError,
        `failed in gpu.js ${mode}: shader does not compile`,
      );
      assertMatch(
        error.message,
        /^update\(\) of \[\d+, \d+\] and \[\d+, \d+\] to \[\d+, \d+\] failed/,
      );
      assertEquals(model.weights, before);
      assertEquals(backend.live, 0);
    },
  });
}

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
