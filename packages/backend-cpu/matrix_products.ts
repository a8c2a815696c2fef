/**
 * The interface between a backend of kernels and its implementation of matrix products.
 *
 * @module
 */
import type { Call, Range } from "./scripts.ts";
import type { Space } from "./space.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** A matrix in the kernels' memory; all values are in bytes. */
export interface Place {
  /** The address. */
  at: number;
  /** The row stride. */
  row: number;
  /** The column stride. */
  column: number;
}

/** Whh or its transpose, `[k, n]`, possibly with a packed copy. */
export interface Recurrent extends Place {
  /** The number of rows. */
  k: number;
  /** The number of columns. */
  n: number;
  /** The address of the copy packed by {@linkcode MatrixProducts.pack}, if there is one. */
  packed?: number;
}

/** Number of rows of a from which packing b pays off, because weights are used again. */
export const REUSED = 4;

/** An implementation of products in the kernels' memory; the rows of `out` are contiguous. */
export interface MatrixProducts {
  /** Returns how many of b's columns {@linkcode MatrixProducts.pack} packs, if a has many rows. */
  packedColumns(n: number): number;
  /** Packs b, `[k, n]`, for {@linkcode MatrixProducts.add}. */
  pack(to: number, b: Place, k: number, n: number): void;
  /**
   * out += a b for out `[m, n]`, a `[m, k]` and b `[k, n]`.
   *
   * @param packed The address of b's packed copy, if there is one.
   * @param isFresh Whether to compute out = a b instead.
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
   * Returns the calls that add a W to the rows of a sequence, step by step. The choice of kernels
   * depends only on W, so that each row's sums are the same however the rows are cut.
   *
   * @param out The address of the first row at the first step, and the increment per step.
   * @param a The same for the rows of a.
   * @param columns The columns of W, if threads are assigned units; otherwise all of them.
   * @param isFresh Whether to compute out = a W instead.
   */
  steps(
    out: readonly [at: number, growth: number],
    a: readonly [at: number, growth: number],
    W: Recurrent,
    rows: number,
    columns: Range,
    isFresh?: boolean,
  ): Call[];
  /** Whether threads are assigned units of a recurrence with W, rather than rows of its batch. */
  byUnits(W: Recurrent, batch: number): boolean;
  /** Closes its library, if any, when the backend is disposed of. */
  close?(): void;
}

/** Creates the implementation of products for a backend, instead of {@linkcode Products}. */
export type CreateProducts = (
  kernels: Kernels,
  threads: Threads,
  space: Space,
) => MatrixProducts;
