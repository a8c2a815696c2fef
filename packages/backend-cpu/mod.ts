/**
 * Unroll on the CPU: loops over typed arrays, in float32 or float64, and in float32 products by
 * SIMD kernels in WebAssembly.
 *
 * @example Train on the CPU
 * ```ts
 * import { createModel, predict, train } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * const examples = [
 *   { text: "good", label: "positive" },
 *   { text: "bad", label: "negative" },
 * ];
 * const model = createModel(examples, { hidden: 8 });
 * for await (const _event of train(backend, model, examples));
 *
 * const [prediction] = await predict(backend, model, ["good"]);
 * assertEquals(prediction.label, "positive");
 * ```
 *
 * @module
 */
export type { CpuBackend, CpuKernels } from "./backend.ts";
export { type CpuBackendOptions, createCpuBackend } from "./create_backend.ts";
