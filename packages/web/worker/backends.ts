/**
 * The backends available in a browser.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type GpuJsBackend, type GpuJsMode, probeMode } from "@unroll/backend-gpujs";
import type { Backend } from "@unroll/core/texts";
import type { BackendReport } from "../run_protocol.ts";
import { shared as words } from "../words/shared.ts";

/** A backend, and its description for the user. */
export interface Computing {
  backend: Backend;
  about: string;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** Creates a gpu.js backend. */
export type CreateGpu = (mode: GpuJsMode) => Promise<GpuJsBackend>;

/** Creates a backend by its name. */
export async function createComputing(name: string, createGpu?: CreateGpu): Promise<Computing> {
  if (createGpu && name.startsWith("gpujs:")) {
    const backend = await createGpu(name.slice(6) as GpuJsMode);
    const about = words.backends.gpujs(backend.mode, backend.adapter);
    return { backend, about, close: () => backend.close() };
  }
  const isPlain = name === "cpu:plain";
  const threads = isPlain ? 1 : Math.max(1, navigator.hardwareConcurrency - 1);
  const backend = createCpuBackend({ kernels: isPlain ? "plain" : undefined, threads });
  const about = words.backends.cpu(backend.kernels, backend.threads);
  return { backend, about, close: () => Promise.resolve() };
}

/** Reports each backend, and whether it works in this browser. */
export async function probeBackends(hasGpuJs: boolean): Promise<BackendReport[]> {
  const { kernels, threads } = createCpuBackend({
    threads: Math.max(1, navigator.hardwareConcurrency - 1),
  });
  const modes = ["webgpu", "webgl2", "webasm"] as const;
  const probed = await Promise.all(modes.map(async (mode): Promise<BackendReport> => {
    const name = `gpujs:${mode}`;
    if (!hasGpuJs) return { name, works: false, about: words.backends.noGpuJs };
    try {
      const { works, adapter, real } = await probeMode(mode);
      const isSoftware = works && !real && mode !== "webasm"; // webasm is meant to run on the CPU
      return { name, works, isSoftware, about: adapter };
    } catch (error) {
      return { name, works: false, about: String((error as Error).message) };
    }
  }));
  return [
    { name: "cpu", works: true, about: words.backends.cpu(kernels, threads) },
    { name: "cpu:plain", works: true, about: words.backends.cpu("plain", 1) },
    ...probed,
  ];
}
