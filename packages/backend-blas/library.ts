/**
 * The BLAS libraries that a machine may have: where they are, their names, and how they are limited
 * to one thread, because the backend has threads of its own.
 *
 * @module
 */
/** A BLAS library. */
export interface BlasLibrary {
  /** The file or name by which it was opened. */
  path: string;
  /** The name and version that it reports, with the processor it detects, if it reports that. */
  name: string;
  /** Whether it multiplies small matrices directly, without packing them first. */
  hasSmallKernels: boolean;
  /** Its speed on one thread, in billions of floating-point operations a second. */
  gflops: number;
}

const ACCELERATE = "/System/Library/Frameworks/Accelerate.framework/Accelerate";

/** The libraries to look for, the fastest first. */
const CANDIDATES: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  darwin: [ACCELERATE, "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib"],
  windows: ["mkl_rt.2.dll", "mkl_rt.dll", "openblas.dll", "libopenblas.dll"],
};
const ELSEWHERE = [
  "libmkl_rt.so.2",
  "libmkl_rt.so",
  "libopenblas.so.0",
  "libopenblas.so",
  "libblis.so.4",
  "libblis.so",
  "libcblas.so.3",
  "libblas.so.3",
];

/** How to install a BLAS. */
const HOW: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "install OpenBLAS (apt install libopenblas0, dnf install openblas)",
  windows: "put openblas.dll from OpenBLAS's releases into a folder of PATH",
};

/** Returns the names to try on this operating system, in order. */
export function candidates(os: typeof Deno.build.os = Deno.build.os): readonly string[] {
  return CANDIDATES[os] ?? ELSEWHERE;
}

/** Returns how to install a BLAS on this operating system, for a message. */
export function howToGet(os: typeof Deno.build.os = Deno.build.os): string {
  return HOW[os] ?? "install OpenBLAS";
}

const text = { parameters: [], result: "pointer", optional: true } as const;
const count = { parameters: ["i32"], result: "void", optional: true } as const;

// OpenBLAS 0.3.17 and later multiply directly, without packing, up to a million multiplications.
const SMALL_KERNELS =
  /OpenBLAS 0\.(3\.(1[7-9]|[2-9]\d)|[4-9])\S*, (SkylakeX|Cooperlake|SapphireRapids)$/i;

/**
 * Limits a library that is already open to one thread, and returns its name.
 *
 * @throws {Error} If there is no library with that path.
 */
export function configureLibrary(path: string): Pick<BlasLibrary, "name" | "hasSmallKernels"> {
  const name = nameOf(path);
  return { name, hasSmallKernels: SMALL_KERNELS.test(name) };
}

function nameOf(path: string): string {
  const library = Deno.dlopen(path, {
    openblas_set_num_threads: count,
    openblas_get_config: text,
    openblas_get_corename: text,
    MKL_Set_Threading_Layer: { parameters: ["i32"], result: "i32", optional: true },
    MKL_Set_Num_Threads: count,
    bli_thread_set_num_threads: { parameters: ["isize"], result: "void", optional: true },
    bli_info_get_version_str: text,
  });
  try {
    const { symbols } = library;
    symbols.openblas_set_num_threads?.(1);
    const SEQUENTIAL = 1;
    symbols.MKL_Set_Threading_Layer?.(SEQUENTIAL);
    symbols.MKL_Set_Num_Threads?.(1);
    symbols.bli_thread_set_num_threads?.(1n);
    const config = read(symbols.openblas_get_config);
    if (config !== undefined) {
      const [version] = /OpenBLAS \S+/.exec(config) ?? ["OpenBLAS"];
      return `${version}, ${read(symbols.openblas_get_corename) ?? "kernels unknown"}`;
    }
    if (symbols.MKL_Set_Num_Threads) return "MKL";
    const blis = read(symbols.bli_info_get_version_str);
    if (blis !== undefined) return `BLIS ${blis}`;
    return path === ACCELERATE ? "Accelerate" : "BLAS";
  } finally {
    library.close();
  }
}

function read(ask: (() => Deno.PointerValue) | null): string | undefined {
  const pointer = ask?.();
  return pointer ? Deno.UnsafePointerView.getCString(pointer) : undefined;
}
