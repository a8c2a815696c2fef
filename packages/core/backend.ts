/**
 * The tensor interface: everything core needs from a device, and everything a backend implements.
 *
 * - A tensor has two dimensions and is row-major. A sequence is time-major: time step t of a batch
 *   is in rows `t * batch` to `(t + 1) * batch` of a `[timeSteps * batch, features]` tensor.
 * - Ops are synchronous and pure: each returns a new tensor and never branches on a tensor's
 *   values, so a device may run them later. Only {@linkcode Backend.read} waits.
 * - Core checks every shape before it calls an op; a backend need not.
 *
 * @module
 */
import type { FusedOps, SgdOps } from "./fused_ops.ts";
import type { DType, FloatArray, Indices, Shape, Tensor } from "./tensor.ts";

export type * from "./fused_ops.ts";
export type * from "./norm_ops.ts";
export type * from "./tensor.ts";

/** How {@linkcode Backend.matmul} reads its operands. */
export interface MatmulOptions {
  /** Use aᵀ instead of a. */
  transposeA?: boolean;
  /** Use bᵀ instead of b. */
  transposeB?: boolean;
}

/** The settings of {@linkcode Backend.update}. */
export interface UpdateOptions {
  /** The factor on the old value. */
  keep: number;
  /** The factor on the change. */
  add: number;
  /** Each component of the change is first clipped to [-clip, clip]. Default: Infinity. */
  clip?: number;
  /**
   * The rows to update, each at most once: row i of the change applies to row `rows[i]`, or to none
   * if that is -1. Without `rows`, the change has the state's shape.
   */
  rows?: Indices;
}

/** The ops that every backend implements. In the shapes, m, n and k are any sizes of at least 1. */
export interface PrimitiveOps {
  /** The product a b: `[m, k]` times `[k, n]` is `[m, n]`; either operand may be transposed. */
  matmul(a: Tensor, b: Tensor, options?: MatmulOptions): Tensor;
  /** a + b, element by element. With `step`, b is a sequence, and only that time step is used. */
  add(a: Tensor, b: Tensor, step?: number): Tensor;
  /** a - b, element by element. */
  subtract(a: Tensor, b: Tensor): Tensor;
  /** a ⊙ b, element by element. With `step`, b is a sequence, and only that time step is used. */
  multiply(a: Tensor, b: Tensor, step?: number): Tensor;
  /** factor · a. The factor may be a `[1, 1]` tensor. */
  scale(a: Tensor, factor: number | Tensor): Tensor;
  /** a with `row`, a `[1, n]` tensor, added to each of its rows. */
  addRow(a: Tensor, row: Tensor): Tensor;
  /** The sum of a's rows, `[1, n]`. */
  sumRows(a: Tensor): Tensor;
  /** Each row of a multiplied by its number in `column`, an `[m, 1]` tensor. */
  multiplyColumn(a: Tensor, column: Tensor): Tensor;
  /** a / (√b + epsilon), element by element, for b of at least 0. */
  divideByRoot(a: Tensor, b: Tensor, epsilon: number): Tensor;
  /** The sum of all squares, `[1, 1]`. */
  sumSquares(a: Tensor): Tensor;
  /**
   * The factor that scales gradients to a norm of at most the bound:
   * min(1, bound / (√s + 1e-6)), where `s` is the `[1, 1]` sum of their squares.
   */
  clipFactor(s: Tensor, bound: number): Tensor;
  /** tanh a. */
  tanh(a: Tensor): Tensor;
  /** The derivative of tanh, from its value h: 1 - h². */
  tanhDerivative(h: Tensor): Tensor;
  /** The logistic function σ(a) = 1 / (1 + e⁻ᵃ). */
  sigmoid(a: Tensor): Tensor;
  /** The derivative of σ, from its value s: s (1 - s). */
  sigmoidDerivative(s: Tensor): Tensor;
  /** max(0, a). */
  relu(a: Tensor): Tensor;
  /** The derivative of relu, from its value h: 1 for h > 0, else 0. */
  reluDerivative(h: Tensor): Tensor;
  /** Softmax of each row. */
  softmax(a: Tensor): Tensor;
  /** The logarithm of each row's softmax, finite for any finite row. */
  logSoftmax(a: Tensor): Tensor;
  /** Row i of the result is row `rows[i]` of the table; -1 gives zeros. */
  gatherRows(table: Tensor, rows: Indices): Tensor;
  /** A `[rows.bound, n]` tensor: adds row i of a to row `rows[i]`, or drops it if that is -1. */
  scatterRows(a: Tensor, rows: Indices): Tensor;
  /**
   * A `[rows.bound, n]` tensor whose row r is the column-wise maximum of the rows i of a with
   * `rows[i] = r`; zeros if there is none.
   */
  maxRows(a: Tensor, rows: Indices): Tensor;
  /**
   * The gradient of `maxRows` with respect to a: dMax goes to the first row that has the maximum.
   *
   * @param dMax The gradient with respect to the maxima, `[rows.bound, n]`.
   * @param max The result of `maxRows` for a and these rows.
   */
  maxRowsGradient(dMax: Tensor, max: Tensor, a: Tensor, rows: Indices): Tensor;
  /** Row i of the result, `[m, 1]`, is column `columns[i]` of row i of a; -1 gives zero. */
  pick(a: Tensor, columns: Indices): Tensor;
  /** Row i of the result, `[columns.length, columns.bound]`, is 1 at `columns[i]`, else 0. */
  oneHot(columns: Indices): Tensor;
  /** Rows `start` to `end`, excluding `end`. */
  sliceRows(a: Tensor, start: number, end: number): Tensor;
  /** The rows of all parts, one part below another. */
  concatRows(parts: readonly Tensor[]): Tensor;
  /** Columns `start` to `end`, excluding `end`. */
  sliceColumns(a: Tensor, start: number, end: number): Tensor;
  /** The columns of all parts, concatenated. */
  concatColumns(parts: readonly Tensor[]): Tensor;
  /**
   * keep · state + add · clip(change). Consumes the state: its handle is invalid afterwards, so a
   * backend may write in place or swap buffers.
   */
  update(state: Tensor, change: Tensor, options: UpdateOptions): Tensor;
}

/**
 * A device to compute on.
 *
 * A tensor lives until {@linkcode Backend.dispose} is called on it, the {@linkcode Backend.scope}
 * that it was created in ends, or an op consumes it. Any later use throws. Dispose of a backend
 * when it is no longer needed:
 *
 * ```ts
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertThrows } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * {
 *   using short = backend; // or short.dispose() at its end
 *   short.zeros([2, 3]);
 * }
 * assertThrows(() => backend.zeros([2, 3]), TypeError, "this backend was disposed of");
 * ```
 */
export interface Backend extends PrimitiveOps, Partial<FusedOps>, Partial<SgdOps> {
  /** The name of the backend, as `--backend` accepts it. */
  readonly name: string;
  /** The number type that it computes with. */
  readonly dtype: DType;
  /** The number of live tensors and indices, for finding leaks. */
  readonly live: number;

  /** A tensor with a copy of `data`, in row-major order, rounded to the backend's type. */
  tensor(data: ArrayLike<number>, shape: Shape): Tensor;
  /** A tensor of zeros. */
  zeros(shape: Shape): Tensor;
  /** Indices with a copy of `data`: integers that are at least -1 and below the bound. */
  indices(data: ArrayLike<number>, bound: number): Indices;
  /** Reads the current values of each tensor, in order. The only op that waits. */
  read(tensors: readonly Tensor[]): Promise<FloatArray[]>;

  /** Runs `fn`, then disposes of everything that was created in it, except what it returns. */
  scope<Kept extends readonly (Tensor | Indices)[]>(fn: () => Kept): Kept;
  /**
   * Disposes of tensors and indices. Disposing of them twice is not an error.
   *
   * Without arguments, disposes of the backend itself: all live handles, its threads, and its
   * device resources. Any later use throws, except disposing of something again.
   */
  dispose(...given: [handles: readonly (Tensor | Indices)[]] | []): void;
  /** Disposes of the backend itself, at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** A backend whose ops check every shape before they compute; `opsOf` creates one. */
export interface Ops extends Backend {
  /** Marks a backend that checks shapes. */
  readonly isChecked: true;
}
