/**
 * Makes the backend: finds a library, measures it, and takes it where it is faster.
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
  /** The library's file or name. Default: the first that is found and faster than WebAssembly. */
  path?: string;
  /** How many threads share in what is large enough, from 1. Default: 1. */
  threads?: number;
  /** How many bytes all tensors together may take. Default: 4 GiB. */
  memory?: number;
  /** From how many multiplications on work is shared among threads. Default: what pays. */
  minWorkToShare?: number;
  /**
   * Whether weights are packed once, in strips, for all products with them. Default: where the
   * library multiplies small matrices as they are, as without that it packs them each time.
   */
  strips?: boolean;
}

/** A backend whose products are by a BLAS. */
export interface BlasBackend extends CpuBackend {
  /** The library that makes its products. */
  readonly library: BlasLibrary;
  /** The speed of WebAssembly's products beside it, in billions of operations a second. */
  readonly wasmGflops: number;
}

/** A library that is open, and how to make its kernel on another thread. */
interface Opened extends BlasLibrary {
  kernel: SgemmKernel;
  settings: SgemmSettings;
  wasm: number;
}

/**
 * The CPU backend with its products on a system BLAS (OpenBLAS, MKL, BLIS, Accelerate) through
 * `Deno.dlopen`, which takes `--allow-ffi`. The tensors stay where the kernels in WebAssembly have
 * them, so nothing is copied; gates, Adam and the smallest products stay in WebAssembly.
 *
 * The numbers are the same for the same library and the same number of threads; they differ in their
 * last bits from those of other libraries, and of other numbers of threads.
 *
 * @throws {DeviceError} Where no library is found, where none is faster than WebAssembly, or where
 *   the machine has no SIMD in WebAssembly. The message says what was tried, and what to install.
 * @throws {Deno.errors.NotCapable} Without `--allow-ffi`.
 * @throws {RangeError} Where the number of threads or of bytes makes no sense.
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

/** The first library that is faster than WebAssembly. */
function find(kernels: Kernels, space: Space): Opened {
  const slow = new Map<string, Opened>(); // several paths may lead to one library
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
    `no BLAS was found (${candidates().join(", ")}); ${howToGet()}, or give its path`,
  );
}

function describeSlow({ path, name, gflops, wasm }: Opened): string {
  // An older OpenBLAS takes a newer processor for the first that had 64 bits.
  const hint = /Prescott|Generic/i.test(name)
    ? "; it does not know this processor: set OPENBLAS_CORETYPE=Haswell or SkylakeX before the start"
    : "";
  return `${name} (${path}) makes ${gflops.toFixed(0)} GFLOP/s where WebAssembly makes ` +
    `${wasm.toFixed(0)}${hint}`;
}

/** Opens a library, keeps it to one thread, and measures it. */
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
