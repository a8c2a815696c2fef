/**
 * Fused ops of layer normalization, as those of `fused_ops.ts`.
 *
 * @module
 */
import type { Tensor } from "./tensor.ts";

/** Rows that {@linkcode NormOps.normalize} gives. */
export interface Normalized {
  /** x̂: each row with mean 0 and variance 1, `[m, n]`. */
  values: Tensor;
  /** What each row was multiplied by, 1 / √(variance + 1e-5), `[m, 1]`. */
  scales: Tensor;
}

/** The weights of {@linkcode NormOps.normLstmForward}. */
export interface NormLstmWeights {
  /** From a state to the next step's gates, `[hidden, 4 * hidden]`. */
  Whh: Tensor;
  /** What LN(h_{t-1} Whh) is multiplied by, `[1, 4 * hidden]`. */
  gh: Tensor;
  /** What LN(c_t) is multiplied by, `[1, hidden]`. */
  gc: Tensor;
  /** What is added to that, `[1, hidden]`. */
  bc: Tensor;
}

/** What {@linkcode NormOps.normLstmForward} gives. */
export interface NormLstmTrace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n, `[(timeSteps + 1) * batch, hidden]`. */
  cells: Tensor;
  /** i, f, g, o, s and LN(c_t) of each step, `[timeSteps * batch, 6 * hidden]`. */
  gates: Tensor;
  /** LN(h_{t-1} Whh) of each step, `[timeSteps * batch, 4 * hidden]`. */
  products: Tensor;
  /** What the two LN of each step multiplied by, `[timeSteps * batch, 2]`. */
  scales: Tensor;
}

/** Layer normalization (Ba et al. 2016), of rows and within a whole recurrence. */
export interface NormOps {
  /** Layer normalization without gain and bias: each row of x with mean 0 and variance 1. */
  normalize(x: Tensor): Normalized;
  /** The gradient for x, from that for the normalized values. */
  normalizeBackward(dValues: Tensor, normalized: Normalized): Tensor;
  /**
   * A layer-normalized LSTM over inputs `[timeSteps * batch, 4 * hidden]`, with the columns of i, f, g
   * and o, from h_0 and c_0 `[batch, hidden]`.
   */
  normLstmForward(
    inputs: Tensor,
    h0: Tensor,
    c0: Tensor,
    weights: NormLstmWeights,
    active?: readonly number[],
  ): NormLstmTrace;
  /**
   * The gradients for its inputs and for h_{t-1} Whh, `[timeSteps * batch, 4 * hidden]` each, for
   * LN(c_t) ⊙ gc + bc, `[timeSteps * batch, hidden]`, and for c_0; dStates and dCells as for an LSTM.
   */
  normLstmBackward(
    dStates: Tensor,
    trace: NormLstmTrace,
    weights: NormLstmWeights,
    batch: number,
    dCells?: Tensor,
    active?: readonly number[],
  ): { dInputs: Tensor; dProducts: Tensor; dShown: Tensor; dc0: Tensor };
}
