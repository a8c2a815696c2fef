/**
 * What a kind of cell says of itself: its gates, its weights, and its equations forward and backward.
 *
 * @module
 */
import type { Activation, Ops, Shape, Tensor } from "../../backend.ts";
import type { Packing } from "./packing.ts";

/** The weights of one cell, by the names that {@linkcode Cell.shapes} gives them. */
export type CellWeights<T> = Record<string, T>;

/** What a cell carries from step to step, `[batch, hidden]` each. */
export interface State {
  /** The hidden state. */
  h: Tensor;
  /** The cell state of an LSTM. */
  c?: Tensor;
}

/** What a forward pass leaves for the backward pass. */
export interface Trace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n of a cell with a cell state, shaped as the states. */
  cells?: Tensor;
  /** The gates of each step, `[timeSteps * batch, columns]`; see {@linkcode Cell.traced}. */
  gates?: Tensor;
}

/** The gradients of one cell. */
export interface CellGradients {
  /** dL/dz for inputs = x Wxh + b_h of every step, `[timeSteps * batch, gates * hidden]`. */
  dInputs: Tensor;
  /** Of the weights that only the recurrence reads, by name: Whh, and a GRU's bhn. */
  weights: CellWeights<Tensor>;
  /** Of the state before the first step, computed when asked for. */
  dInitial(): State;
}

/** A kind of cell. Its file has all that is to be known of it; `cells.ts` lists it. */
export interface Cell {
  /** What it is called in full. */
  readonly title: string;
  /** The names of its gates: the blocks of `hidden` columns of Wxh, Whh and b_h, in their order. */
  readonly gates: readonly string[];
  /** The names of the first blocks of columns in {@linkcode Trace.gates}, to be shown. */
  readonly traced: readonly string[];
  /** The activation functions that it has a choice of, the default first. */
  readonly activations: readonly Activation[];
  /** Whether it carries a cell state c besides the hidden state h. */
  readonly hasCellState: boolean;
  /** The `torch.nn` module with the same equations and order of gates, if there is one. */
  readonly torch?: "RNN" | "LSTM" | "GRU";
  /** The weights that only the recurrence reads, and their shapes. */
  recurrentShapes(hidden: number): CellWeights<Shape>;
  /** Where the gate of this number has a bias of its own within the recurrence: its weight. */
  readonly innerBias?: { readonly weight: string; readonly gate: number };
  /**
   * Where x_t Wxh is layer-normalized before b_h is added: the weight that it is multiplied by, so that
   * inputs = LN(x_t Wxh) ⊙ gain + b_h.
   */
  readonly inputGain?: string;
  /**
   * Its layer normalizations, by the names of their `torch.nn.LayerNorm`: the weights that are gain and
   * bias. The first of them has b_h; those without a bias add theirs to it.
   */
  readonly norms?: Readonly<Record<string, { readonly gain: string; readonly bias?: string }>>;
  /** The weights that start at one number. */
  readonly starts?: Readonly<Record<string, number>>;
  /** A gate whose bias starts at a value of its own. */
  readonly startBias?: { readonly gate: number; readonly value: number };
  /**
   * All states, from inputs = x Wxh + b_h, `[timeSteps * batch, gates * hidden]`.
   *
   * @param packing Where padding is left out of what is not the recurrence.
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
   * From the gradient that reaches each of h_0 to h_n directly, and with dCells each of c_0 to c_n,
   * back through time.
   *
   * @param packing Where padding is left out of what is summed up over all steps.
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
 * dWhh = Σ_t h_{t-1}ᵀ dz_t, for the states h_0 to h_n and dz_1 to dz_n, of {@linkcode wordsOnly}.
 */
export function recurrentGradient(
  ops: Ops,
  states: Tensor,
  dz: Tensor,
  packing?: Packing,
): Tensor {
  const previous = packing // h_{t-1} beside dz_t
    ? ops.gatherRows(states, packing.before)
    : ops.sliceRows(states, 0, dz.shape[0]);
  return ops.matmul(previous, dz, { transposeA: true }); // Σ_t h_{t-1}ᵀ dz_t
}

/** The rows of words among those of all steps; all of them where padding is not left out. */
export function wordsOnly(ops: Ops, rows: Tensor, packing?: Packing): Tensor {
  return packing ? ops.gatherRows(rows, packing.rows) : rows;
}

/** dL/dh_0 = dz_1 Whhᵀ, when asked for: what the first step sends back to the state before it. */
export function initialGradient(ops: Ops, dz: Tensor, Whh: Tensor, batch: number): () => Tensor {
  const first = ops.sliceRows(dz, 0, batch); // so that the rest need not be kept
  return () => ops.matmul(first, Whh, { transposeB: true });
}
