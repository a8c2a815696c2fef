/**
 * The worker with gpu.js: it alone has the program that computes with it.
 *
 * @module
 */
import { createGpuJsBackend } from "@unroll/backend-gpujs";
import { serve, type Served } from "./serve.ts";

/** Answers the page, and trains, on gpu.js as well. */
export function serveWithGpuJs(gpujs: unknown, ownData: Served["ownData"]): void {
  serve({ createGpu: (mode) => createGpuJsBackend({ mode, gpujs }), ownData });
}
