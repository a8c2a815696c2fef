/**
 * The product of a BLAS as a kernel: like the WebAssembly kernels, it is given the address of its
 * parameters and works on the same memory, so that nothing is copied.
 *
 * @module
 */

/** The settings of the kernel. */
export interface SgemmSettings {
  /** The library's file or name. */
  path: string;
  /** The address of the kernels' memory in the process. */
  base: number;
}

/** The kernel; its argument is the address of its parameters. */
export interface SgemmKernel {
  (parameters: number): void;
  /** Closes the library. */
  close(): void;
}

/** The number of parameters: addresses, sizes, strides in numbers, and flags, in this order. */
export const SGEMM_PARAMETERS = 10;
/** Flag: a is transposed. */
export const TRANSPOSE_A = 1;
/** Flag: b is transposed. */
export const TRANSPOSE_B = 2;
/** Flag: compute out = a b instead of out += a b. */
export const IS_FRESH = 4;
/** Flag: b is packed in strips, see {@linkcode STRIP}. */
export const IN_STRIPS = 8;
/**
 * The number of b's columns in a strip. A strip's rows are contiguous, and strips follow each
 * other. Some libraries compute products of at most a million multiplications without packing.
 */
export const STRIP = 64;

/**
 * Creates the kernel: out += a b, for `[m, n]`, `[m, k]` and `[k, n]`. Its source text is part of
 * the threads' program, so it may only use its parameters and globals.
 */
export function createSgemm(
  memory: { readonly buffer: ArrayBufferLike },
  { path, base }: SgemmSettings,
): SgemmKernel {
  const library = Deno.dlopen(path, {
    cblas_sgemm: {
      // order, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc
      parameters: [
        ...["i32", "i32", "i32", "i32", "i32", "i32"] as const,
        ...["f32", "usize", "i32", "usize", "i32", "f32", "usize", "i32"] as const,
      ],
      result: "void",
    },
  });
  const sgemm = library.symbols.cblas_sgemm;
  // Parameters are at the start of the memory, which stays in place when the memory grows.
  const numbers = new Int32Array(memory.buffer);
  // Addresses are passed as 64-bit integers from an array: converting a plain number would take
  // 60 nanoseconds each.
  const halves = new Uint32Array(6), addresses = new BigUint64Array(halves.buffer);
  const WORD = 2 ** 32, low = base % WORD, high = Math.floor(base / WORD);
  const point = (which: number, at: number) => {
    const sum = low + at;
    halves[2 * which] = sum;
    halves[2 * which + 1] = sum < WORD ? high : high + 1;
  };
  const ROW_MAJOR = 101, AS_IT_IS = 111, TRANSPOSED = 112;
  const strips = (at: number, m: number, k: number, n: number) => {
    const out = numbers[at] >>> 0, a = numbers[at + 1] >>> 0, b = numbers[at + 2] >>> 0;
    const outRow = numbers[at + 6], aRow = numbers[at + 7];
    const isFresh = (numbers[at + 9] & 4) > 0;
    // Blocks of at most a million multiplications each, with a strip's 64 columns.
    const height = Math.ceil(m / Math.ceil(m / 60)), most = height > 30 ? 256 : 512;
    for (let i = 0; i < m; i += height) {
      const rows = Math.min(height, m - i);
      for (let j = 0; j < n; j += 64) {
        const columns = Math.min(64, n - j);
        point(2, out + 4 * (i * outRow + j));
        for (let p = 0; p < k; p += most) {
          point(0, a + 4 * (i * aRow + p));
          point(1, b + 4 * (j * k + p * columns));
          sgemm(
            ROW_MAJOR,
            AS_IT_IS,
            AS_IT_IS,
            rows,
            columns,
            Math.min(most, k - p),
            1,
            addresses[0],
            aRow,
            addresses[1],
            columns,
            isFresh && p === 0 ? 0 : 1,
            addresses[2],
            outRow,
          );
        }
      }
    }
  };
  const kernel = (parameters: number) => {
    const at = parameters >> 2, flags = numbers[at + 9];
    const m = numbers[at + 3], k = numbers[at + 4], n = numbers[at + 5];
    if (flags & 8) return strips(at, m, k, n);
    for (let i = 0; i < 3; i++) point(i, numbers[at + (i + 1) % 3] >>> 0);
    sgemm(
      ROW_MAJOR,
      flags & 1 ? TRANSPOSED : AS_IT_IS,
      flags & 2 ? TRANSPOSED : AS_IT_IS,
      m,
      n,
      k,
      1,
      addresses[0],
      numbers[at + 7],
      addresses[1],
      numbers[at + 8],
      flags & 4 ? 0 : 1,
      addresses[2],
      numbers[at + 6],
    );
  };
  return Object.assign(kernel, { close: () => library.close() });
}
