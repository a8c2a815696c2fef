/**
 * The interface of a cell: its gates, its weights, and its equations forward and backward.
 *
 * @module
 */
import type { Activation, Ops, Shape, Tensor } from "../../backend.ts";
import type { Packing } from "./packing.ts";

/** The weights of one cell, keyed by the names in {@linkcode Cell.recurrentShapes}. */
export type CellWeights<T> = Record<string, T>;

/** The state that a cell carries from one time step to the next, `[batch, hidden]` each. */
export interface State {
  /** The hidden state. */
  h: Tensor;
  /** The cell state of an LSTM. */
  c?: Tensor;
}

/** What a forward pass keeps for the backward pass. */
export interface Trace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n of a cell with a cell state, of the same shape as `states`. */
  cells?: Tensor;
  /** The gates of each step, `[timeSteps * batch, columns]`; see {@linkcode Cell.traced}. */
  gates?: Tensor;
}

/** The gradients of one cell. */
export interface CellGradients {
  /** dL/dz for inputs = x Wxh + b_h of every step, `[timeSteps * batch, gates * hidden]`. */
  dInputs: Tensor;
  /** Gradients of the weights that only the recurrence reads, by name: Whh, and a GRU's bhn. */
  weights: CellWeights<Tensor>;
  /** Computes the gradient of the state before the first step, on demand. */
  dInitial(): State;
}

/** A kind of cell. Each is defined in its own file and listed in `cells.ts`. */
export interface Cell {
  /** The full name. */
  readonly title: string;
  /** The gates' names: the blocks of `hidden` columns in Wxh, Whh and b_h, in order. */
  readonly gates: readonly string[];
  /** The names of the first blocks of columns in {@linkcode Trace.gates}, for display. */
  readonly traced: readonly string[];
  /** The activation functions to choose from, the default first. */
  readonly activations: readonly Activation[];
  /** Whether the cell carries a cell state c in addition to the hidden state h. */
  readonly hasCellState: boolean;
  /** The `torch.nn` module with the same equations and the same order of gates, if one exists. */
  readonly torch?: "RNN" | "LSTM" | "GRU";
  /** The weights that only the recurrence reads, and their shapes. */
  recurrentShapes(hidden: number): CellWeights<Shape>;
  /** For a gate with a separate bias inside the recurrence: that bias, and the gate's index. */
  readonly innerBias?: { readonly weight: string; readonly gate: number };
  /**
   * The gain of the layer normalization of x_t Wxh, which is applied before b_h is added:
   * inputs = LN(x_t Wxh) ⊙ gain + b_h.
   */
  readonly inputGain?: string;
  /**
   * The layer normalizations, keyed by their `torch.nn.LayerNorm` name, with the weights that hold
   * gain and bias. The first one's bias is b_h, which those without a bias of their own share.
   */
  readonly norms?: Readonly<Record<string, { readonly gain: string; readonly bias?: string }>>;
  /** Initial values of weights that start as a constant. */
  readonly starts?: Readonly<Record<string, number>>;
  /** The gate whose bias starts at a given value, and that value. */
  readonly startBias?: { readonly gate: number; readonly value: number };
  /**
   * Computes all states from inputs = x Wxh + b_h, `[timeSteps * batch, gates * hidden]`.
   *
   * @param packing For batches whose padding is left out of everything but the recurrence.
   */
  forward(
    ops: Ops,
    inputs: Tensor,
    initial: State,
    weights: CellWeights<Tensor>,
    activation: Activation,
    packing?: Packing,
  ): Trace;
  /**
   * Backpropagates through time, from the part of the loss gradient that reaches each of h_0 to h_n
   * directly, and with dCells each of c_0 to c_n.
   *
   * @param packing For batches whose padding is left out of the sums over all steps.
   */
  backward(
    ops: Ops,
    dStates: Tensor,
    trace: Trace,
    weights: CellWeights<Tensor>,
    batch: number,
    activation: Activation,
    dCells?: Tensor,
    packing?: Packing,
  ): CellGradients;
}

/**
 * Returns dWhh = Σ_t h_{t-1}ᵀ dz_t, from the states h_0 to h_n and from dz_1 to dz_n without
 * padding, see {@linkcode wordsOnly}.
 */
export function recurrentGradient(
  ops: Ops,
  states: Tensor,
  dz: Tensor,
  packing?: Packing,
): Tensor {
  const previous = packing // h_{t-1}, in the rows of dz_t
    ? ops.gatherRows(states, packing.before)
    : ops.sliceRows(states, 0, dz.shape[0]);
  return ops.matmul(previous, dz, { transposeA: true }); // Σ_t h_{t-1}ᵀ dz_t
}

/** Returns the rows of words among those of all time steps; all rows where padding is kept. */
export function wordsOnly(ops: Ops, rows: Tensor, packing?: Packing): Tensor {
  return packing ? ops.gatherRows(rows, packing.rows) : rows;
}

/** Returns a function that computes dL/dh_0 = dz_1 Whhᵀ, the gradient of the initial state. */
export function initialGradient(ops: Ops, dz: Tensor, Whh: Tensor, batch: number): () => Tensor {
  const first = ops.sliceRows(dz, 0, batch); // a copy, so that dz can be freed
  return () => ops.matmul(first, Whh, { transposeB: true });
}
