/**
 * Chooses what computes: SIMD kernels or plain loops.
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
  /** The numbers to compute with; float64 is there for checks. Default: float32. */
  dtype?: DType;
  /** What computes. Default: `"simd"` for float32 where the machine has it, else `"plain"`. */
  kernels?: CpuKernels;
  /** Whether SIMD kernels may round a product and a sum once (FMA). Default: where they can. */
  fused?: boolean;
  /**
   * How many threads share in what is large enough, from 1. The weights are the same, bit for bit,
   * for any number. They need SIMD kernels and shared memory, which a browser has on pages that are
   * cross-origin isolated. Default: 1.
   */
  threads?: number;
  /** How many bytes all tensors together may take. Default: 4 GiB. */
  memory?: number;
}

/**
 * A backend on the CPU: for float32 SIMD kernels in WebAssembly, made as the program runs, and plain
 * loops where the machine has no SIMD, or for float64. The buffers of tensors that are disposed of
 * are used again: the small ones as they are, and the large ones joined with what is free beside them.
 * `dispose()` without arguments frees all, and ends the threads.
 *
 * The same kernels give the same numbers in float32, bit for bit, on every machine that has them. In
 * float64 the last digits are those of the engine's `Math.exp` and `Math.tanh`.
 *
 * The same kernels give the same numbers, bit for bit, on every machine that has them.
 *
 * @throws {RangeError} Where the number of threads or of bytes makes no sense.
 * @throws {Error} Where SIMD kernels are asked for and cannot be had.
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
    throw new RangeError(`expected a number of threads from 1, got ${threads}`);
  }
  if (memory !== undefined && !(memory >= 2 ** 20)) {
    throw new RangeError(`expected memory of at least ${2 ** 20} bytes, got ${memory}`);
  }
  if (options.kernels === "simd" && dtype === "float64") {
    throw new Error("SIMD kernels compute in float32; take plain ones for float64");
  }
  const isPlain = options.kernels === "plain" || dtype === "float64";
  const simd = isPlain ? undefined : createSimdBackend({ fused, threads, memory });
  if (simd) return simd;
  if (options.kernels === "simd") throw new Error("this machine has no SIMD in WebAssembly");
  return new PlainBackend(dtype, new Memory(dtype, { limit: memory }));
}
