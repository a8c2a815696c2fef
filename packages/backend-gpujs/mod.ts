/**
 * A backend on gpu.js: WebGPU in Deno and browsers, WebGL2 in browsers, and WebAssembly everywhere.
 * gpu.js itself is loaded only when a backend is created.
 *
 * @example
 * ```ts
 * import { createGpuJsBackend } from "@unroll/backend-gpujs";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = await createGpuJsBackend({ mode: "webasm" });
 * const a = backend.tensor([1, 2, 3, 4], [2, 2]);
 * const [product] = await backend.read([backend.matmul(a, a)]);
 * assertEquals([...product], [7, 10, 15, 22]);
 * await backend.close();
 * ```
 *
 * @module
 */
export { createGpuJsBackend, type GpuJsBackend, type GpuJsOptions } from "./backend.ts";
export { bestMode, type GpuJsMode, type ModeReport, MODES, probeMode } from "./modes.ts";
