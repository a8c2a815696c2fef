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

/** Rows and columns. */
export type Shape = readonly [rows: number, columns: number];

/** The numbers that a backend computes with. */
export type DType = "float32" | "float64";

/** Numbers on the host, in the backend's type. */
export type FloatArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A handle of numbers that live on a device. Its values come back with {@linkcode Backend.read}. */
export interface Tensor {
  /** Rows and columns, fixed for the tensor's life. */
  readonly shape: Shape;
}

/** A handle of row or column numbers: word ids, label ids, positions. */
export interface Indices {
  /** How many there are. */
  readonly length: number;
  /** Each is below this bound, or -1 for none. */
  readonly bound: number;
}

/** How {@linkcode Backend.matmul} reads its operands. */
export interface MatmulOptions {
  /** Use aᵀ in place of a. */
  transposeA?: boolean;
  /** Use bᵀ in place of b. */
  transposeB?: boolean;
}

/** The settings of {@linkcode Backend.sgd}. */
export interface SgdOptions {
  /** The step's length. */
  learningRate: number;
  /** Each component of the gradient is first brought into [-clip, clip]; Infinity leaves it. */
  clip: number;
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
  /** factor · a. */
  scale(a: Tensor, factor: number): Tensor;
  /** a with `row`, a `[1, n]` tensor, added to each of its rows. */
  addRow(a: Tensor, row: Tensor): Tensor;
  /** The sum of a's rows, `[1, n]`. */
  sumRows(a: Tensor): Tensor;
  /** tanh a. */
  tanh(a: Tensor): Tensor;
  /** The derivative of tanh where tanh is h: 1 - h². */
  tanhDerivative(h: Tensor): Tensor;
  /** Softmax of each row. */
  softmax(a: Tensor): Tensor;
  /** The logarithm of each row's softmax, finite for any finite row. */
  logSoftmax(a: Tensor): Tensor;
  /** Row i of the result is row `rows[i]` of the table; -1 gives zeros. */
  gatherRows(table: Tensor, rows: Indices): Tensor;
  /** A `[rows.bound, n]` tensor; row i of a is added to its row `rows[i]`, or nowhere for -1. */
  scatterRows(a: Tensor, rows: Indices): Tensor;
  /** Row i of the result, `[m, 1]`, is column `columns[i]` of row i of a; -1 gives zero. */
  pick(a: Tensor, columns: Indices): Tensor;
  /** Row i of the result, `[columns.length, columns.bound]`, is 1 at `columns[i]`, else 0. */
  oneHot(columns: Indices): Tensor;
  /** Rows start to end, without end. */
  sliceRows(a: Tensor, start: number, end: number): Tensor;
  /** The rows of all parts, one part below the other. */
  concatRows(parts: readonly Tensor[]): Tensor;
  /**
   * parameter - learningRate · clip(gradient). Consumes the parameter: its handle is dead
   * afterwards, so that a backend may write in place or swap buffers.
   */
  sgd(parameter: Tensor, gradient: Tensor, options: SgdOptions): Tensor;
}

/**
 * Whole recurrences that a backend may offer as one op each, for speed. Each is defined by its
 * composition from primitive ops, which core uses where a backend does not offer it.
 */
export interface FusedOps {
  /**
   * All states of a vanilla RNN: h_t = tanh(inputs_t + h_{t-1} Whh), for inputs
   * `[timeSteps * batch, hidden]`, h_0 `[batch, hidden]` and Whh `[hidden, hidden]`.
   * Gives h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`.
   */
  rnnForward(inputs: Tensor, h0: Tensor, Whh: Tensor): Tensor;
  /**
   * Backpropagation through time. With dStates the part of the loss's gradient that reaches each
   * of h_0 to h_n directly, gives the gradient for the inputs, `[timeSteps * batch, hidden]`:
   * dInputs_t = (1 - h_t²) ⊙ (dStates_t + dInputs_{t+1} Whhᵀ).
   */
  rnnBackward(dStates: Tensor, states: Tensor, Whh: Tensor, batch: number): Tensor;
}

/**
 * A device to compute on.
 *
 * A tensor lives until it is disposed of, by {@linkcode Backend.dispose}, by the
 * {@linkcode Backend.scope} that it was made in, or by an op that consumes it. Any use after that
 * throws.
 */
export interface Backend extends PrimitiveOps, Partial<FusedOps> {
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
  /** Ends the life of tensors and indices. Ending it twice is no error. */
  dispose(handles: readonly (Tensor | Indices)[]): void;
}
