/**
 * A backend on the CPU: SIMD kernels in WebAssembly for float32, and plain loops over typed arrays
 * for float32 or float64.
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
