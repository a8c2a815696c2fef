/**
 * What a backend of kernels asks of whatever makes its products of matrices.
 *
 * @module
 */
import type { Call, Range } from "./scripts.ts";
import type { Space } from "./space.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** A matrix in the kernels' memory; everything in bytes. */
export interface Place {
  /** Its address. */
  at: number;
  /** How far a row is from the next. */
  row: number;
  /** How far a column is from the next. */
  column: number;
}

/** Whh or its transpose, `[k, n]`, and where it is packed, if it is. */
export interface Recurrent extends Place {
  /** Its rows. */
  k: number;
  /** Its columns. */
  n: number;
  /** The address of what {@linkcode MatrixProducts.pack} made of it. */
  packed?: number;
}

/** Rows of a from which on packing b pays, as weights are used again. */
export const REUSED = 4;

/** What makes products; everything is in the kernels' memory, and out's rows are contiguous. */
export interface MatrixProducts {
  /** How many of b's columns {@linkcode MatrixProducts.pack} packs, where b is used for many rows. */
  packedColumns(n: number): number;
  /** Packs b, `[k, n]`, for {@linkcode MatrixProducts.add}. */
  pack(to: number, b: Place, k: number, n: number): void;
  /**
   * out += a b for out `[m, n]`, a `[m, k]` and b `[k, n]`.
   *
   * @param packed Where b is packed, if it is.
   * @param isFresh Whether out = a b is asked for, whatever out holds.
   */
  add(
    out: number,
    a: Place,
    b: Place,
    m: number,
    k: number,
    n: number,
    packed?: number,
    isFresh?: boolean,
  ): void;
  /**
   * What adds a W to rows of a sequence, step after step; which kernels depends on W alone, so that
   * each row's sums are the same wherever the rows are cut.
   *
   * @param out The address of the first row at the first step, and how far a step is from the next.
   * @param a The same for the rows of a.
   * @param columns Which of W's columns, where threads take units; else all of them.
   * @param isFresh Whether out = a W is asked for, whatever out holds.
   */
  steps(
    out: readonly [at: number, growth: number],
    a: readonly [at: number, growth: number],
    W: Recurrent,
    rows: number,
    columns: Range,
    isFresh?: boolean,
  ): Call[];
  /** Whether threads are to take units of a recurrence with W, rather than rows of its batch. */
  byUnits(W: Recurrent, batch: number): boolean;
  /** Ends what it holds of a library, when its backend is disposed of. */
  close?(): void;
}

/** What makes products for a backend of kernels, in place of {@linkcode Products}. */
export type CreateProducts = (
  kernels: Kernels,
  threads: Threads,
  space: Space,
) => MatrixProducts;
