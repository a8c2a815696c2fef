/**
 * Creates the backend: finds a library, measures it, and uses it if it is faster.
 *
 * @module
 */
import { DeviceError } from "@unroll/core/device";
import {
  type CpuBackend,
  createSimdBackend,
  extendKernels,
  type Kernels,
  Products,
  type Space,
  Threads,
} from "@unroll/backend-cpu/kernels";
import { type BlasLibrary, candidates, configureLibrary, howToGet } from "./library.ts";
import { measure } from "./measure.ts";
import { BlasProducts } from "./products.ts";
import { createSgemm, type SgemmKernel, type SgemmSettings } from "./sgemm.ts";

/** Settings of {@linkcode createBlasBackend}. */
export interface BlasBackendOptions {
  /** The library's file or name. Default: the first one found that is faster than WebAssembly. */
  path?: string;
  /** The number of threads that share large work, at least 1. Default: 1. */
  threads?: number;
  /** The maximum number of bytes for all tensors together. Default: 4 GiB. */
  memory?: number;
  /** The number of multiplications from which work is shared among threads. Default: 2 ** 17. */
  minWorkToShare?: number;
  /**
   * Whether weights are packed once, in strips, for all products with them. Default: if the library
   * multiplies small matrices without packing them; other libraries pack them each time anyway.
   */
  strips?: boolean;
}

/** A backend that computes matrix products with a BLAS library. */
export interface BlasBackend extends CpuBackend {
  /** The library that computes its products. */
  readonly library: BlasLibrary;
  /** The speed of WebAssembly's products for comparison, in GFLOP/s on one thread. */
  readonly wasmGflops: number;
}

/** An open library, with the settings for creating its kernel on another thread. */
interface Opened extends BlasLibrary {
  kernel: SgemmKernel;
  settings: SgemmSettings;
  wasm: number;
}

/**
 * Creates the CPU backend with its matrix products on a system BLAS (OpenBLAS, MKL, BLIS,
 * Accelerate) through `Deno.dlopen`, which needs `--allow-ffi`. Tensors stay in the memory of the
 * WebAssembly kernels, so nothing is copied; gates, Adam and the smallest products stay in
 * WebAssembly.
 *
 * Results are reproducible for the same library and the same number of threads; with another
 * library or another number of threads, the last bits differ.
 *
 * @throws {DeviceError} If no library is found, if none is faster than WebAssembly, or if
 *   WebAssembly has no SIMD on this machine. The message has what was tried, and what to install.
 * @throws {Deno.errors.NotCapable} Without `--allow-ffi`.
 * @throws {RangeError} If the number of threads or of bytes is out of range.
 *
 * @example
 * ```ts ignore
 * import { createBlasBackend } from "@unroll/backend-blas";
 *
 * using backend = createBlasBackend({ threads: 2 });
 * console.log(backend.library.name); // OpenBLAS 0.3.21, Cooperlake
 * ```
 */
export function createBlasBackend(options: BlasBackendOptions = {}): BlasBackend {
  const { path, threads = 1, memory, minWorkToShare, strips } = options;
  let taken: Opened | undefined;
  const backend = createSimdBackend({
    fused: true,
    threads,
    memory,
    minWorkToShare,
    products: {
      name: "blas",
      create(kernels, threads, space) {
        const small = new Products(kernels, threads, space);
        taken = path === undefined ? find(kernels, space) : open(kernels, space, path);
        const { kernel, settings, hasSmallKernels } = taken;
        const source = createSgemm.toString();
        extendKernels(kernels, { name: "sgemm", source, given: settings }, kernel);
        return new BlasProducts(kernels, threads, small, strips ?? hasSmallKernels, kernel.close);
      },
    },
  });
  if (!backend || !taken) throw new DeviceError("this machine has no SIMD in WebAssembly");
  const { path: file, name, hasSmallKernels, gflops, wasm } = taken;
  const library = { path: file, name, hasSmallKernels, gflops };
  return Object.assign(backend, { library, wasmGflops: wasm });
}

/** Returns the first library that is faster than WebAssembly. */
function find(kernels: Kernels, space: Space): Opened {
  const slow = new Map<string, Opened>(); // by name, as several paths may lead to the same library
  for (const path of candidates()) {
    let opened: Opened;
    try {
      opened = open(kernels, space, path);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      continue;
    }
    if (opened.gflops > opened.wasm) return opened;
    opened.kernel.close();
    if (!slow.has(opened.name)) slow.set(opened.name, opened);
  }
  if (slow.size > 0) throw new DeviceError(Array.from(slow.values(), describeSlow).join("; "));
  throw new DeviceError(
    `no BLAS was found (${candidates().join(", ")}); ${howToGet()}, or pass its path`,
  );
}

function describeSlow({ path, name, gflops, wasm }: Opened): string {
  // An older OpenBLAS treats a newer processor as the first one that had 64 bits.
  const hint = /Prescott|Generic/i.test(name)
    ? "; it does not recognize this processor: set OPENBLAS_CORETYPE=Haswell or SkylakeX"
    : "";
  return `${name} (${path}) reaches ${gflops.toFixed(0)} GFLOP/s, but WebAssembly reaches ` +
    `${wasm.toFixed(0)}${hint}`;
}

/** Opens a library, limits it to one thread, and measures it. */
function open(kernels: Kernels, space: Space, path: string): Opened {
  const bytes = new Uint8Array(kernels.memory.buffer as ArrayBuffer);
  const base = Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
  const settings = { path, base };
  const kernel = createSgemm(kernels.memory, settings);
  try {
    const about = configureLibrary(path);
    const products = new Products(kernels, new Threads(kernels, 1), space);
    return { path, ...about, settings, kernel, ...measure(kernels, space, kernel, products) };
  } catch (error) {
    kernel.close();
    throw error;
  }
}
