/**
 * The interface of a backend on the CPU, whatever kernels it uses.
 *
 * @module
 */
import type { Backend } from "@unroll/core";

/** Plain loops in JavaScript, or WebAssembly kernels that process four numbers at a time. */
export type CpuKernels = "plain" | "simd";

/** A backend on the CPU. */
export interface CpuBackend extends Backend {
  /** The kernels in use. */
  readonly kernels: CpuKernels | "simd with fma";
  /** The maximum number of threads. */
  readonly threads: number;
}
