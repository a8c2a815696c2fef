/**
 * The worker for gpu.js, the only one that loads its backend.
 *
 * @module
 */
import { createGpuJsBackend } from "@unroll/backend-gpujs";
import { serve, type Served } from "./serve.ts";

/** Answers the page's requests, and trains, also on gpu.js. */
export function serveWithGpuJs(gpujs: unknown, ownData: Served["ownData"]): void {
  serve({ createGpu: (mode) => createGpuJsBackend({ mode, gpujs }), ownData });
}
