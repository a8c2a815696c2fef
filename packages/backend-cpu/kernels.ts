/**
 * The parts of the CPU backend, for backends that compute products in another way and share the
 * rest.
 *
 * @module
 */
export type { CpuBackend, CpuKernels } from "./backend.ts";
export type { CreateProducts, MatrixProducts, Place, Recurrent } from "./matrix_products.ts";
export { createJob, type Job, runJob, runTranspose } from "./jobs.ts";
export { Products } from "./products.ts";
export type { Numbers } from "./loops.ts";
export type { Call, Range } from "./scripts.ts";
export { createSimdBackend, type SimdOptions } from "./simd.ts";
export type { Space } from "./space.ts";
export { Threads } from "./threads.ts";
export { extendKernels, type Extension, type Kernel, type Kernels } from "./wasm/kernels.ts";
