/**
 * The tensor interface: all that core asks of a device, and all that a backend implements.
 *
 * - A tensor has two dimensions and is row-major. A sequence is time-major: step t of a batch
 *   stands in rows `t * batch` to `(t + 1) * batch` of a `[timeSteps * batch, features]` tensor.
 * - Ops are synchronous and pure: each gives a fresh tensor and never depends on a tensor's
 *   values, so that a device may run them later. Only {@linkcode Backend.read} waits.
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
  /** Use aᵀ in place of a. */
  transposeA?: boolean;
  /** Use bᵀ in place of b. */
  transposeB?: boolean;
}

/** The settings of {@linkcode Backend.update}. */
export interface UpdateOptions {
  /** What the old value is multiplied by. */
  keep: number;
  /** What the change is multiplied by. */
  add: number;
  /** Each number of the change is first brought into [-clip, clip]. Default: Infinity. */
  clip?: number;
  /**
   * The rows to touch, each at most once, where row i of the change is for row `rows[i]`; -1 is for
   * none. Without, the change has the state's shape.
   */
  rows?: Indices;
}

/** The ops that every backend implements. In the shapes, m, n and k are any sizes of at least 1. */
export interface PrimitiveOps {
  /** a b: `[m, k]` times `[k, n]` is `[m, n]`, either operand transposed on request. */
  matmul(a: Tensor, b: Tensor, options?: MatmulOptions): Tensor;
  /** a + b, element by element. With a step, b is a sequence of which that step is taken. */
  add(a: Tensor, b: Tensor, step?: number): Tensor;
  /** a - b, element by element. */
  subtract(a: Tensor, b: Tensor): Tensor;
  /** a ⊙ b, element by element. With a step, b is a sequence of which that step is taken. */
  multiply(a: Tensor, b: Tensor, step?: number): Tensor;
  /** factor · a. The factor may be a `[1, 1]` tensor. */
  scale(a: Tensor, factor: number | Tensor): Tensor;
  /** a with `row`, a `[1, n]` tensor, added to each of its rows. */
  addRow(a: Tensor, row: Tensor): Tensor;
  /** The sum of a's rows, `[1, n]`. */
  sumRows(a: Tensor): Tensor;
  /** Each row of a times its number in `column`, an `[m, 1]` tensor. */
  multiplyColumn(a: Tensor, column: Tensor): Tensor;
  /** a / (√b + epsilon), element by element, for b of at least 0. */
  divideByRoot(a: Tensor, b: Tensor, epsilon: number): Tensor;
  /** The sum of all squares, `[1, 1]`. */
  sumSquares(a: Tensor): Tensor;
  /**
   * What to multiply gradients by so that their norm is at most the bound:
   * min(1, bound / (√s + 1e-6)), for `s` the `[1, 1]` sum of their squares.
   */
  clipFactor(s: Tensor, bound: number): Tensor;
  /** tanh a. */
  tanh(a: Tensor): Tensor;
  /** The derivative of tanh where tanh is h: 1 - h². */
  tanhDerivative(h: Tensor): Tensor;
  /** The logistic function σ(a) = 1 / (1 + e⁻ᵃ). */
  sigmoid(a: Tensor): Tensor;
  /** The derivative of σ where σ is s: s (1 - s). */
  sigmoidDerivative(s: Tensor): Tensor;
  /** max(0, a). */
  relu(a: Tensor): Tensor;
  /** The derivative of relu where relu is h: 1 for h > 0, else 0. */
  reluDerivative(h: Tensor): Tensor;
  /** Softmax of each row. */
  softmax(a: Tensor): Tensor;
  /** The logarithm of each row's softmax, finite for any finite row. */
  logSoftmax(a: Tensor): Tensor;
  /** Row i of the result is row `rows[i]` of the table; -1 gives zeros. */
  gatherRows(table: Tensor, rows: Indices): Tensor;
  /** A `[rows.bound, n]` tensor; row i of a is added to its row `rows[i]`, or nowhere for -1. */
  scatterRows(a: Tensor, rows: Indices): Tensor;
  /**
   * A `[rows.bound, n]` tensor whose row r is the largest, column by column, of the rows i of a
   * with `rows[i] = r`; zeros where there is none.
   */
  maxRows(a: Tensor, rows: Indices): Tensor;
  /**
   * The gradient of maxRows for a: dMax goes to the first row that has the maximum.
   *
   * @param dMax The gradient for the maxima, `[rows.bound, n]`.
   * @param max What maxRows gave for a and these rows.
   */
  maxRowsGradient(dMax: Tensor, max: Tensor, a: Tensor, rows: Indices): Tensor;
  /** Row i of the result, `[m, 1]`, is column `columns[i]` of row i of a; -1 gives zero. */
  pick(a: Tensor, columns: Indices): Tensor;
  /** Row i of the result, `[columns.length, columns.bound]`, is 1 at `columns[i]`, else 0. */
  oneHot(columns: Indices): Tensor;
  /** Rows start to end, without end. */
  sliceRows(a: Tensor, start: number, end: number): Tensor;
  /** The rows of all parts, one part below the other. */
  concatRows(parts: readonly Tensor[]): Tensor;
  /** Columns start to end, without end. */
  sliceColumns(a: Tensor, start: number, end: number): Tensor;
  /** The columns of all parts, one part beside the other. */
  concatColumns(parts: readonly Tensor[]): Tensor;
  /**
   * keep · state + add · clip(change). Consumes the state: its handle is dead afterwards, so that a
   * backend may write in place or swap buffers.
   */
  update(state: Tensor, change: Tensor, options: UpdateOptions): Tensor;
}

/**
 * A device to compute on.
 *
 * A tensor lives until it is disposed of, by {@linkcode Backend.dispose}, by the
 * {@linkcode Backend.scope} that it was made in, or by an op that consumes it. Any use after that
 * throws. A backend that is no longer needed is disposed of itself:
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
  /** What `--backend` calls it. */
  readonly name: string;
  /** The numbers it computes with. */
  readonly dtype: DType;
  /** How many tensors and indices are alive, to find leaks by. */
  readonly live: number;

  /** A tensor with a copy of `data`, row by row, rounded to the backend's type. */
  tensor(data: ArrayLike<number>, shape: Shape): Tensor;
  /** A tensor of zeros. */
  zeros(shape: Shape): Tensor;
  /** Indices with a copy of `data`, whole numbers from -1 to below the bound. */
  indices(data: ArrayLike<number>, bound: number): Indices;
  /** The values of each tensor as they are now, in order. The only op that waits. */
  read(tensors: readonly Tensor[]): Promise<FloatArray[]>;

  /** Runs `fn`, then disposes of all that was made in it, save what it returns. */
  scope<Kept extends readonly (Tensor | Indices)[]>(fn: () => Kept): Kept;
  /**
   * Ends the life of tensors and indices. Ending it twice is no error.
   *
   * Without arguments it ends the backend itself: all that is alive, its threads, and what it has of
   * a device. Any use after that throws, save disposing of anything again.
   */
  dispose(...given: [handles: readonly (Tensor | Indices)[]] | []): void;
  /** Ends the backend itself, as `dispose()` without arguments, at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** A backend whose ops check every shape before they compute; `opsOf` makes one. */
export interface Ops extends Backend {
  /** That they do. */
  readonly isChecked: true;
}
