/**
 * What the browser runs: the kernels on threads, and training with them and without.
 *
 * @module
 */
import { createModel, train, writeModel } from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";
import sentences from "#cli/sentences.json" with { type: "json" };
import { createSimdBackend } from "#cpu/simd.ts";

/** What came of it. */
export interface CpuReport {
  kernels: string;
  threads: number;
  passed: number;
  failures: string[];
  /** Whether the weights are the same on three threads as on one. */
  isSame: boolean;
  done: boolean;
}

async function trained(threads: number): Promise<Uint8Array> {
  const backend = createSimdBackend({ fused: true, threads, minWorkToShare: 0 })!;
  const model = createModel(sentences.train, { cell: "gru", hidden: 33, embedding: 17 });
  for await (const _ of train(backend, model, sentences.train, { epochs: 20, batchSize: 8 })) {
    await new Promise((done) => setTimeout(done)); // for threads to start
  }
  return writeModel(model);
}

const report: CpuReport = {
  kernels: "",
  threads: 0,
  passed: 0,
  failures: [],
  isSame: false,
  done: false,
};
Object.assign(globalThis, { report });
try {
  const backend = createSimdBackend({ fused: true, threads: 3, minWorkToShare: 0 })!;
  [report.kernels, report.threads] = [backend.kernels, backend.threads];
  for (const { name, run } of conformanceCases(() => backend)) {
    await run().then(() => report.passed++, (error) => report.failures.push(`${name}: ${error}`));
  }
  const [one, three] = [await trained(1), await trained(3)];
  report.isSame = one.every((byte, i) => byte === three[i]);
} catch (error) {
  report.failures.push(String((error as Error).stack));
}
report.done = true;
