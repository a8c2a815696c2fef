/**
 * What a backend on the CPU is, whatever computes in it.
 *
 * @module
 */
import type { Backend } from "@unroll/core";

/** Loops in JavaScript, or kernels in WebAssembly that take four numbers at a time. */
export type CpuKernels = "plain" | "simd";

/** A backend on the CPU. */
export interface CpuBackend extends Backend {
  /** What computes. */
  readonly kernels: CpuKernels | "simd with fma";
  /** How many threads there can be. */
  readonly threads: number;
}
