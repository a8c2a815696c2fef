/**
 * Fused ops for layer normalization, like those in `fused_ops.ts`.
 *
 * @module
 */
import type { Tensor } from "./tensor.ts";

/** The result of {@linkcode NormOps.normalize}. */
export interface Normalized {
  /** x̂: each row with mean 0 and variance 1, `[m, n]`. */
  values: Tensor;
  /** The factor on each row, 1 / √(variance + 1e-5), `[m, 1]`. */
  scales: Tensor;
}

/** The weights of {@linkcode NormOps.normLstmForward}. */
export interface NormLstmWeights {
  /** The recurrent weights, from a hidden state to the next gates, `[hidden, 4 * hidden]`. */
  Whh: Tensor;
  /** The gain on LN(h_{t-1} Whh), `[1, 4 * hidden]`. */
  gh: Tensor;
  /** The gain on LN(c_t), `[1, hidden]`. */
  gc: Tensor;
  /** The bias added to LN(c_t) ⊙ gc, `[1, hidden]`. */
  bc: Tensor;
}

/** The result of {@linkcode NormOps.normLstmForward}. */
export interface NormLstmTrace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n, `[(timeSteps + 1) * batch, hidden]`. */
  cells: Tensor;
  /** i, f, g, o, s and LN(c_t) of each step, `[timeSteps * batch, 6 * hidden]`. */
  gates: Tensor;
  /** LN(h_{t-1} Whh) of each step, `[timeSteps * batch, 4 * hidden]`. */
  products: Tensor;
  /** The scale factors of the two LN of each step, `[timeSteps * batch, 2]`. */
  scales: Tensor;
}

/** Layer normalization (Ba et al. 2016), of rows and inside an LSTM's recurrence. */
export interface NormOps {
  /** Layer normalization without gain and bias: each row of x with mean 0 and variance 1. */
  normalize(x: Tensor): Normalized;
  /** The gradient with respect to x, from the gradient with respect to the normalized values. */
  normalizeBackward(dValues: Tensor, normalized: Normalized): Tensor;
  /**
   * A layer-normalized LSTM over inputs `[timeSteps * batch, 4 * hidden]`, whose columns are those
   * of i, f, g and o, from h_0 and c_0 `[batch, hidden]`.
   */
  normLstmForward(
    inputs: Tensor,
    h0: Tensor,
    c0: Tensor,
    weights: NormLstmWeights,
    active?: readonly number[],
  ): NormLstmTrace;
  /**
   * The gradients with respect to its inputs and h_{t-1} Whh, `[timeSteps * batch, 4 * hidden]`
   * each, LN(c_t) ⊙ gc + bc, `[timeSteps * batch, hidden]`, and c_0; dStates and dCells as for an
   * LSTM.
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
