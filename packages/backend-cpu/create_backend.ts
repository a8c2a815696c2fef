/**
 * Chooses the kernels: SIMD in WebAssembly, or plain loops.
 *
 * @module
 */
import type { DType } from "@unroll/core";
import type { CpuBackend, CpuKernels } from "./backend.ts";
import { Memory } from "./memory.ts";
import { PlainBackend } from "./plain.ts";
import { createSimdBackend } from "./simd.ts";

/** Settings of {@linkcode createCpuBackend}. */
export interface CpuBackendOptions {
  /** The type of numbers to compute with; float64 is meant for checks. Default: float32. */
  dtype?: DType;
  /** The kernels. Default: `"simd"` for float32 if the machine supports it, otherwise `"plain"`. */
  kernels?: CpuKernels;
  /** Whether SIMD kernels may use fused multiply-add (FMA), if it is supported. Default: true. */
  fused?: boolean;
  /**
   * The number of threads that share large work, at least 1; at most 20 are used. The weights are
   * bitwise identical for any number. More than one requires SIMD kernels and shared memory, which
   * browsers allow only on cross-origin isolated pages. Default: 1.
   */
  threads?: number;
  /** The maximum number of bytes for all tensors together. Default: 4 GiB. */
  memory?: number;
}

/**
 * Creates a backend on the CPU: SIMD kernels in WebAssembly, assembled at run time, for float32,
 * and plain loops for float64 or where the machine has no SIMD. Buffers of disposed tensors are
 * reused: small ones as they are, large ones merged with adjacent free space. `dispose()` without
 * arguments frees everything and ends the threads.
 *
 * In float32, the same kernels give the same numbers, bit for bit, on every machine that supports
 * them. In float64, the last digits depend on the engine's `Math.exp` and `Math.tanh`.
 *
 * @throws {RangeError} If `threads` is not a whole number of at least 1, or `memory` is below 1
 *   MiB.
 * @throws {Error} If SIMD kernels are requested but not available, or requested for float64.
 *
 * @example
 * ```ts
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * const a = backend.tensor([1, 2, 3, 4], [2, 2]);
 * const b = backend.tensor([1, 0, 0, 1], [2, 2]);
 * const [product] = await backend.read([backend.matmul(a, b)]);
 * assertEquals([...product], [1, 2, 3, 4]);
 * ```
 */
export function createCpuBackend(options: CpuBackendOptions = {}): CpuBackend {
  const { dtype = "float32", fused = true, threads = 1, memory } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`expected a whole number of threads, at least 1, got ${threads}`);
  }
  if (memory !== undefined && !(memory >= 2 ** 20)) {
    throw new RangeError(`expected memory of at least ${2 ** 20} bytes, got ${memory}`);
  }
  if (options.kernels === "simd" && dtype === "float64") {
    throw new Error("SIMD kernels compute only in float32; choose plain kernels for float64");
  }
  const isPlain = options.kernels === "plain" || dtype === "float64";
  const simd = isPlain ? undefined : createSimdBackend({ fused, threads, memory });
  if (simd) return simd;
  if (options.kernels === "simd") throw new Error("this machine has no SIMD in WebAssembly");
  return new PlainBackend(dtype, new Memory(dtype, { limit: memory }));
}
