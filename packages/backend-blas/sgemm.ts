/**
 * The product of a BLAS as a kernel among the others: it is given the address of its parameters, and
 * works on the same memory, so that nothing is copied.
 *
 * @module
 */

/** What the kernel is made of. */
export interface SgemmSettings {
  /** The library's file or name. */
  path: string;
  /** Where the kernels' memory begins, as the library sees it. */
  base: number;
}

/** The kernel, given the address of its parameters. */
export interface SgemmKernel {
  (parameters: number): void;
  /** Closes the library. */
  close(): void;
}

/** Its parameters, in order: addresses, sizes, distances in numbers, and what is transposed. */
export const SGEMM_PARAMETERS = 10;
/** That a is transposed. */
export const TRANSPOSE_A = 1;
/** That b is transposed. */
export const TRANSPOSE_B = 2;
/** That out = a b is asked for, not out += a b. */
export const IS_FRESH = 4;
/** That b is packed in strips: see {@linkcode STRIP}. */
export const IN_STRIPS = 8;
/**
 * How many of b's columns a strip has; a strip's rows are contiguous, and strips follow each other.
 * Products of at most a million multiplications are made by some libraries without packing.
 */
export const STRIP = 64;

/**
 * The kernel: out += a b, for `[m, n]`, `[m, k]` and `[k, n]`. Its text is a part of the threads'
 * program, and so it knows nothing but what it is given.
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
  // An address may be a plain number, which the types do not say.
  const sgemm = library.symbols.cblas_sgemm as unknown as (...given: number[]) => void;
  // Parameters stand at the beginning, which stays where it is.
  const numbers = new Int32Array(memory.buffer);
  const ROW_MAJOR = 101, AS_IT_IS = 111, TRANSPOSED = 112;
  const strips = (at: number, m: number, k: number, n: number) => {
    const out = base + (numbers[at] >>> 0), a = base + (numbers[at + 1] >>> 0);
    const b = base + (numbers[at + 2] >>> 0), outRow = numbers[at + 6], aRow = numbers[at + 7];
    const isFresh = (numbers[at + 9] & 4) > 0;
    const height = Math.ceil(m / Math.ceil(m / 60)), most = height > 30 ? 256 : 512;
    for (let i = 0; i < m; i += height) {
      const rows = Math.min(height, m - i);
      for (let j = 0; j < n; j += 64) {
        const columns = Math.min(64, n - j);
        for (let p = 0; p < k; p += most) {
          sgemm(
            ROW_MAJOR,
            AS_IT_IS,
            AS_IT_IS,
            rows,
            columns,
            Math.min(most, k - p),
            1,
            a + 4 * (i * aRow + p),
            aRow,
            b + 4 * (j * k + p * columns),
            columns,
            isFresh && p === 0 ? 0 : 1,
            out + 4 * (i * outRow + j),
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
    sgemm(
      ROW_MAJOR,
      flags & 1 ? TRANSPOSED : AS_IT_IS,
      flags & 2 ? TRANSPOSED : AS_IT_IS,
      m,
      n,
      k,
      1,
      base + (numbers[at + 1] >>> 0),
      numbers[at + 7],
      base + (numbers[at + 2] >>> 0),
      numbers[at + 8],
      flags & 4 ? 0 : 1,
      base + (numbers[at] >>> 0),
      numbers[at + 6],
    );
  };
  return Object.assign(kernel, { close: () => library.close() });
}
