/**
 * The BLAS libraries that a machine may have: where they are, what they call themselves, and how
 * they are kept to one thread, as the backend has its own.
 *
 * @module
 */
/** A library that a product was made with. */
export interface BlasLibrary {
  /** Its file or name, as it was opened. */
  path: string;
  /** What it calls itself, with the processor that it takes this one for where it says so. */
  name: string;
  /** Whether it multiplies small matrices as they are, without packing them first. */
  hasSmallKernels: boolean;
  /** Its speed on one thread, in billions of floating-point operations a second. */
  gflops: number;
}

const ACCELERATE = "/System/Library/Frameworks/Accelerate.framework/Accelerate";

/** Where libraries are looked for, the fastest of their kind first. */
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

/** How to get one. */
const HOW: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "install OpenBLAS (apt install libopenblas0, dnf install openblas)",
  windows: "put openblas.dll from OpenBLAS's releases into a folder of PATH",
};

/** The names to try on this system, in order. */
export function candidates(os: typeof Deno.build.os = Deno.build.os): readonly string[] {
  return CANDIDATES[os] ?? ELSEWHERE;
}

/** How to get a BLAS on this system, for a message. */
export function howToGet(os: typeof Deno.build.os = Deno.build.os): string {
  return HOW[os] ?? "install OpenBLAS";
}

const text = { parameters: [], result: "pointer", optional: true } as const;
const count = { parameters: ["i32"], result: "void", optional: true } as const;

// Of OpenBLAS 0.3.17 and later: a product of at most a million multiplications is made as it is.
const SMALL_KERNELS =
  /OpenBLAS 0\.(3\.(1[7-9]|[2-9]\d)|[4-9])\S*, (SkylakeX|Cooperlake|SapphireRapids)$/i;

/**
 * Keeps a library that is open already to one thread, and asks for its name.
 *
 * @throws {Error} Where there is none of that path.
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
