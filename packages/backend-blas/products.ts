/**
 * Matrix products on a BLAS, and the smallest ones on the WebAssembly kernels.
 *
 * @module
 */
import {
  type Call,
  createJob,
  type Kernels,
  type MatrixProducts,
  type Place,
  type Products,
  type Range,
  type Recurrent,
  runJob,
  runTranspose,
  type Threads,
} from "@unroll/backend-cpu/kernels";
import { IN_STRIPS, IS_FRESH, SGEMM_PARAMETERS, STRIP, TRANSPOSE_A, TRANSPOSE_B } from "./sgemm.ts";

const BYTES = 4; // per number
const GRAIN = 16; // rows or columns: threads' parts begin at tile boundaries of the library
const MAX_GATES = 4;
const M_AT = 3, N_AT = 5; // indices among the parameters
// Number of multiplications from which a BLAS was faster in almost all shapes; below it, the
// overhead of a call dominates. A constant, so that the same product is always computed the same
// way.
const MIN_WORK = 2 ** 13;

/** Matrix products by the kernel `sgemm`. */
export class BlasProducts implements MatrixProducts {
  readonly #threads: Threads;
  readonly #kernels: Kernels;
  readonly #kernel: number;
  readonly #small: Products;
  readonly #inStrips: boolean;
  /** Closes the library. */
  readonly close: () => void;

  /**
   * @param inStrips Whether weights are packed in strips, once for all products with them, for
   *   libraries that multiply small matrices directly. Other libraries pack them at every call.
   */
  constructor(
    kernels: Kernels,
    threads: Threads,
    small: Products,
    inStrips: boolean,
    close: () => void,
  ) {
    this.close = close;
    this.#threads = threads;
    this.#kernel = kernels.number.sgemm;
    this.#kernels = kernels;
    this.#small = small;
    this.#inStrips = inStrips;
  }

  packedColumns(n: number): number {
    return this.#inStrips ? n : 0;
  }

  pack(to: number, b: Place, k: number, n: number): void {
    const threads = this.#threads, kernels = this.#kernels;
    for (let j = 0; j < n; j += STRIP) {
      const columns = Math.min(STRIP, n - j), row = BYTES * columns, at = to + BYTES * k * j;
      const from = b.at + b.column * j;
      if (b.column === BYTES) {
        runJob(threads, createJob(kernels, "copy", k, columns, [[from, b.row], [at, row]]));
      } else runTranspose(threads, kernels, at, from, columns, k, row, b.column);
    }
  }

  byUnits(W: Recurrent, batch: number): boolean {
    // Only if none of the resulting products is small.
    return W.packed === undefined && !isSmall(batch, W.k, W.n / MAX_GATES / 2, W);
  }

  add(
    out: number,
    a: Place,
    b: Place,
    m: number,
    k: number,
    n: number,
    packed?: number,
    isFresh = false,
  ): void {
    const work = m * k * n;
    if (isSmall(m, k, n, b)) return this.#small.add(out, a, b, m, k, n, undefined, isFresh);
    const { parameters, steps } = this.#threads;
    const from = packed === undefined ? b : inStrips(packed, k);
    parameters.set(parametersOf(out, a, from, m, k, n, isFresh));
    steps.fill(0, 0, SGEMM_PARAMETERS);
    const byRows = m >= n;
    steps[0] = byRows ? BYTES * n : BYTES;
    if (byRows) steps[1] = a.row;
    else steps[2] = from.column;
    const grain = packed === undefined || byRows ? GRAIN : STRIP;
    this.#threads.call(this.#kernel, SGEMM_PARAMETERS, byRows ? M_AT : N_AT, grain, work, 1);
  }

  steps(
    [out, outBy]: readonly [at: number, growth: number],
    [a, aBy]: readonly [at: number, growth: number],
    W: Recurrent,
    rows: number,
    columns: Range,
    isFresh = false,
  ): Call[] {
    const { k, n } = W;
    if (columns.count === n && isSmall(rows, k, n, W)) {
      return this.#small.steps(
        [out, outBy],
        [a, aBy],
        { ...W, packed: undefined },
        rows,
        columns,
        isFresh,
      );
    }
    const from = { at: a, row: BYTES * k, column: BYTES };
    const { first, count } = columns;
    const part = W.packed === undefined
      ? { ...W, at: W.at + W.column * first }
      : inStrips(W.packed, k);
    const parameters = parametersOf(out + BYTES * first, from, part, rows, k, count, isFresh, n);
    const growth = [outBy, aBy, ...new Array<number>(SGEMM_PARAMETERS - 2).fill(0)];
    return [{ kernel: this.#kernel, parameters, growth }];
  }
}

/** Returns a packed matrix as an operand, with a column stride so that strips follow each other. */
function inStrips(at: number, k: number): Place {
  return { at, row: 0, column: BYTES * k };
}

/** Whether WebAssembly is faster, as for a vector times bᵀ, for which a BLAS packs all of b. */
function isSmall(m: number, k: number, n: number, b: Place): boolean {
  return m * k * n < MIN_WORK || (m === 1 && b.column !== BYTES);
}

function parametersOf(
  out: number,
  a: Place,
  b: Place,
  m: number,
  k: number,
  n: number,
  isFresh: boolean,
  outRow = n,
): number[] {
  const transposeA = a.column !== BYTES, transposeB = b.column !== BYTES;
  // The row stride of a single row may be anything, but a BLAS requires at least the row's length.
  const apart = (place: Place, transposed: boolean, least: number) =>
    Math.max(least, (transposed ? place.column : place.row) / BYTES);
  const flags = (transposeA ? TRANSPOSE_A : 0) | (transposeB ? TRANSPOSE_B : 0) |
    (b.row === 0 ? IN_STRIPS : 0) | (isFresh ? IS_FRESH : 0);
  const lda = apart(a, transposeA, transposeA ? m : k);
  const ldb = apart(b, transposeB, transposeB ? k : n);
  return [out, a.at, b.at, m, k, n, outRow, lda, ldb, flags];
}
