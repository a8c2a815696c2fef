/**
 * What the browser runs: the suite on one mode of gpu.js, then 200 steps beside backend-cpu.
 *
 * @module
 */
import { createGpuJsBackend, type GpuJsMode } from "@unroll/backend-gpujs";
import { conformanceCases } from "@unroll/core/conformance";
import { distanceFromCpu } from "#tests/support/helpers.ts";

/** What became of a mode so far. */
export interface Report {
  adapter: string;
  passed: number;
  failures: string[];
  /** The largest difference between a weight here and on backend-cpu. */
  distance?: number;
  live?: number;
  done: boolean;
}

async function run(mode: GpuJsMode, gpujs: unknown, report: Report): Promise<void> {
  const backend = await createGpuJsBackend({ mode, gpujs });
  report.adapter = backend.adapter;
  for (const { name, run } of conformanceCases(() => backend)) {
    await run().then(() => report.passed++, (error) => report.failures.push(`${name}: ${error}`));
  }
  report.distance = await distanceFromCpu(backend);
  report.live = backend.live;
  await backend.close();
}

/** Lets the test start a mode, and look at what became of it. */
export function listen(gpujs: unknown): void {
  const reports: Record<string, Report> = {};
  const start = (mode: GpuJsMode) => {
    const report: Report = { adapter: "", passed: 0, failures: [], done: false };
    reports[mode] = report;
    run(mode, gpujs, report)
      .catch((error) => report.failures.push(String(error?.stack ?? error)))
      .then(() => report.done = true);
  };
  Object.assign(globalThis, { reports, start });
}
