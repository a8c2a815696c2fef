/**
 * Matrix products by a BLAS, and the smallest of them by the kernels in WebAssembly.
 *
 * @module
 */
import type { MatrixProducts, Place, Recurrent } from "../backend-cpu/products.ts";
import { Products } from "../backend-cpu/products.ts";
import type { Call } from "../backend-cpu/scripts.ts";
import type { Threads } from "../backend-cpu/threads.ts";
import type { Kernels } from "../backend-cpu/wasm/kernels.ts";
import { IS_FRESH, SGEMM_PARAMETERS, TRANSPOSE_A, TRANSPOSE_B } from "./sgemm.ts";

const BYTES = 4; // of a number
const GRAIN = 16; // rows or columns: pieces begin where the library's own tiles do
const M_AT = 3, N_AT = 5; // among the parameters
export const tuning = { minWork: 2 ** 12 };

/** Products by the kernel `sgemm`. */
export class BlasProducts implements MatrixProducts {
  readonly #threads: Threads;
  readonly #kernel: number;
  readonly #small: Products;

  constructor(kernels: Kernels, threads: Threads, small: Products) {
    this.#threads = threads;
    this.#kernel = kernels.number.sgemm;
    this.#small = small;
  }

  packedColumns(): number {
    return 0; // a BLAS packs for itself
  }

  pack(): void {}

  add(
    out: number,
    a: Place,
    b: Place,
    m: number,
    k: number,
    n: number,
    _packed?: number,
    isFresh = false,
  ): void {
    const work = m * k * n;
    if (work < tuning.minWork) return this.#small.add(out, a, b, m, k, n, undefined, isFresh);
    const { parameters, steps } = this.#threads;
    parameters.set(parametersOf(out, a, b, m, k, n, isFresh));
    steps.fill(0, 0, SGEMM_PARAMETERS);
    const byRows = m >= n;
    steps[0] = byRows ? BYTES * n : BYTES;
    if (byRows) steps[1] = a.row;
    else steps[2] = b.column;
    this.#threads.call(this.#kernel, SGEMM_PARAMETERS, byRows ? M_AT : N_AT, GRAIN, work, 1);
  }

  steps(
    [out, outBy]: readonly [at: number, growth: number],
    [a, aBy]: readonly [at: number, growth: number],
    W: Recurrent,
    rows: number,
    isFresh = false,
  ): Call[] {
    const { k, n } = W;
    if (rows * k * n < tuning.minWork) {
      return this.#small.steps([out, outBy], [a, aBy], { ...W, packed: undefined }, rows, isFresh);
    }
    const from = { at: a, row: BYTES * k, column: BYTES };
    const parameters = parametersOf(out, from, W, rows, k, n, isFresh);
    const growth = [outBy, aBy, ...new Array<number>(SGEMM_PARAMETERS - 2).fill(0)];
    return [{ kernel: this.#kernel, parameters, growth }];
  }
}

function parametersOf(
  out: number,
  a: Place,
  b: Place,
  m: number,
  k: number,
  n: number,
  isFresh: boolean,
): number[] {
  const transposeA = a.column !== BYTES, transposeB = b.column !== BYTES;
  const apart = (place: Place, transposed: boolean) =>
    (transposed ? place.column : place.row) / BYTES;
  const flags = (transposeA ? TRANSPOSE_A : 0) | (transposeB ? TRANSPOSE_B : 0) |
    (isFresh ? IS_FRESH : 0);
  return [out, a.at, b.at, m, k, n, n, apart(a, transposeA), apart(b, transposeB), flags];
}
