/**
 * Ops that a backend may offer for speed, each defined by its composition from primitive ops.
 *
 * @module
 */
import type { NormOps } from "./norm_ops.ts";
import type { Indices, Tensor } from "./tensor.ts";

/** The activation function of a vanilla RNN, from pre-activation z to hidden state h. */
export type Activation = "tanh" | "relu";

/** The result of {@linkcode FusedOps.lstmForward}. */
export interface LstmTrace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n, `[(timeSteps + 1) * batch, hidden]`. */
  cells: Tensor;
  /** i, f, g and o of each step, `[timeSteps * batch, 4 * hidden]`. */
  gates: Tensor;
}

/** The result of {@linkcode FusedOps.gruForward}. */
export interface GruTrace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** r, z, n and h_{t-1} Whn + b_hn of each step, `[timeSteps * batch, 4 * hidden]`. */
  gates: Tensor;
}

/**
 * Which queries of a batch may attend to which rows of its memory: the queries of a sentence attend
 * only to the time steps of its own source. Row t * batch + i of the memory is step t of source i.
 */
export interface AttentionSpans {
  /** The length of each source. */
  lengths: readonly number[];
  /** The number of source time steps in the memory. */
  sourceSteps: number;
  /** The number of target time steps, including those that are all padding. */
  targetSteps: number;
  /** For each row of the queries, t * batch + i if it is step t of target i; -1 for padding. */
  places: Int32Array;
  /** Sentences per product in core's composition, for backends that sum in the same order. */
  together: number;
}

/** The scores of a conditional random field. */
export interface CrfWeights {
  /** The score of each label as the first, `[1, labels]`. */
  startTransitions: Tensor;
  /** The score of each label as the last, `[1, labels]`. */
  endTransitions: Tensor;
  /** The score of each pair of successive labels, from row to column, `[labels, labels]`. */
  transitions: Tensor;
}

/** The result of {@linkcode FusedOps.crf}. */
export interface CrfTrace extends CrfWeights {
  /**
   * -ln p(c_t | c_{t+1} … c_n) of each target, `[timeSteps * batch, 1]`. The sum over a sequence is
   * -ln p(c); each term depends on the next label alone (Markov property).
   */
  losses: Tensor;
  /** The probability of each label at each position, `[timeSteps * batch, labels]`; padding: 0. */
  marginals: Tensor;
  /** The gradient of weight times the sum of the losses with respect to the logits. */
  dLogits: Tensor;
}

/** The settings of {@linkcode FusedOps.adam}. */
export interface AdamOptions {
  /** The factor on W before the step. */
  keep: number;
  /** The step size, including Adam's bias corrections. */
  stepSize: number;
  /** The decay rate of the first moment, the mean of gradients. */
  beta1: number;
  /** The decay rate of the second moment, the mean of squared gradients. */
  beta2: number;
  /** Added to the denominator, so that quotients stay finite. */
  epsilon: number;
  /** The rows to update, as in `UpdateOptions`. */
  rows?: Indices;
}

/**
 * Whole recurrences, attention, losses and an Adam step that a backend may offer as one op each,
 * for speed. Each is defined by its composition from primitive ops, which core uses if a backend
 * does not offer it.
 *
 * Recurrences accept `active`, the number of active rows of the batch at each step, which never
 * increases from one step to the next. The other rows are padding: their states may be any finite
 * numbers; in the backward pass they receive no gradient and return zeros. A backend may compute
 * them like all other rows, as the compositions do.
 */
export interface FusedOps extends NormOps {
  /**
   * All hidden states of a vanilla RNN: h_t = tanh(inputs_t + h_{t-1} Whh), or relu instead of
   * tanh, for inputs `[timeSteps * batch, hidden]`, h_0 `[batch, hidden]` and Whh
   * `[hidden, hidden]`. Returns h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`.
   */
  rnnForward(
    inputs: Tensor,
    h0: Tensor,
    Whh: Tensor,
    activation: Activation,
    active?: readonly number[],
  ): Tensor;
  /**
   * Backpropagation through time. From dStates, the part of the loss's gradient that reaches each
   * of h_0 to h_n directly, computes the gradient with respect to the inputs,
   * `[timeSteps * batch, hidden]`.
   */
  rnnBackward(
    dStates: Tensor,
    states: Tensor,
    Whh: Tensor,
    batch: number,
    activation: Activation,
    active?: readonly number[],
  ): Tensor;
  /**
   * An LSTM over inputs `[timeSteps * batch, 4 * hidden]`, whose columns are those of i, f, g and
   * o, with h_0 and c_0 `[batch, hidden]` and Whh `[hidden, 4 * hidden]`. The inputs must not be
   * used again, as the gates may overwrite them.
   */
  lstmForward(
    inputs: Tensor,
    h0: Tensor,
    c0: Tensor,
    Whh: Tensor,
    active?: readonly number[],
  ): LstmTrace;
  /**
   * The gradients with respect to an LSTM's inputs and c_0 `[batch, hidden]`. dCells, shaped like
   * dStates, is the part of the loss's gradient that reaches each of c_0 to c_n directly; without
   * dCells, there is none.
   */
  lstmBackward(
    dStates: Tensor,
    trace: LstmTrace,
    Whh: Tensor,
    batch: number,
    dCells?: Tensor,
    active?: readonly number[],
  ): { dInputs: Tensor; dc0: Tensor };
  /**
   * A GRU over inputs `[timeSteps * batch, 3 * hidden]`, whose columns are those of r, z and n,
   * with h_0 `[batch, hidden]`, Whh `[hidden, 3 * hidden]` and b_hn `[1, hidden]`.
   */
  gruForward(
    inputs: Tensor,
    h0: Tensor,
    Whh: Tensor,
    bhn: Tensor,
    active?: readonly number[],
  ): GruTrace;
  /**
   * The gradients with respect to a GRU's inputs and h_{t-1} Whh of each step, both
   * `[timeSteps * batch, 3 * hidden]`, and the part of h_0's gradient that bypasses Whh,
   * `[batch, hidden]`.
   */
  gruBackward(
    dStates: Tensor,
    trace: GruTrace,
    Whh: Tensor,
    batch: number,
    active?: readonly number[],
  ): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor };
  /**
   * Dot-product attention, softmax(s hᵀ) h, for queries s `[rows, hidden]` and memory h
   * `[sourceSteps * batch, hidden]`: the contexts of all rows, and their attention weights over the
   * steps of their own source, `[rows, sourceSteps]`. Rows of padding and steps after a source's
   * end are zeros. A backend that offers this op receives batches without most of their padding.
   */
  attention(
    queries: Tensor,
    memory: Tensor,
    spans: AttentionSpans,
  ): { contexts: Tensor; weights: Tensor };
  /** The gradients with respect to queries and memory, from the gradient of the contexts. */
  attentionBackward(
    dContexts: Tensor,
    queries: Tensor,
    memory: Tensor,
    weights: Tensor,
    spans: AttentionSpans,
  ): { dQueries: Tensor; dMemory: Tensor };
  /**
   * Softmax and cross-entropy, forward and backward: each row's loss -ln softmax(logits)_c,
   * `[m, 1]`, 0 if its label c is -1; and the gradient w (softmax(logits) - 1_c), shaped like the
   * logits, for row weights w, `[m, 1]`.
   */
  crossEntropy(
    logits: Tensor,
    labels: Indices,
    rowWeights: Tensor,
  ): { losses: Tensor; dLogits: Tensor };
  /**
   * The losses of a conditional random field and their gradients with respect to the logits and, by
   * name, each of the weights. The logits are `[timeSteps * batch, labels]`; the targets are the
   * right label of each row, -1 for padding after the end of a sequence; `weight` multiplies each
   * loss.
   */
  crf(
    logits: Tensor,
    weights: CrfWeights,
    targets: Int32Array,
    batch: number,
    weight: number,
  ): CrfTrace;
  /**
   * A step of Adam for one weight: m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², and
   * W ← keep · W - stepSize · m / (√v + ε). Consumes W, m and v, and returns their new values.
   */
  adam(
    W: Tensor,
    m: Tensor,
    v: Tensor,
    gradient: Tensor,
    options: AdamOptions,
  ): [W: Tensor, m: Tensor, v: Tensor];
}

/** The weights of the article's network. */
export interface RnnWeights {
  /** The input weights, from a one-hot word to the hidden state, `[words, hidden]`. */
  Wxh: Tensor;
  /** The recurrent weights, from one hidden state to the next, `[hidden, hidden]`. */
  Whh: Tensor;
  /** The bias of the hidden state, `[1, hidden]`. */
  bh: Tensor;
  /** The output weights, from the last hidden state to the logits, `[hidden, labels]`. */
  Why: Tensor;
  /** The bias of the logits, `[1, labels]`. */
  bY: Tensor;
}

/** An example for one training step. */
export interface SgdExample {
  /** The word ids; -1 for a word whose one-hot row is all zeros. */
  words: Int32Array;
  /** The right label. */
  label: number;
  /** The learning rate η of its step. */
  learningRate: number;
}

/** Whole training steps that a backend may offer as one op, for speed. */
export interface SgdOps {
  /**
   * Gradient descent on the article's network, one example after another: forward, backward through
   * time, and W ← W - η clip(g) for every weight, as core computes it with single ops. Consumes the
   * weights.
   *
   * @param clip Each component of a gradient is first clipped to [-clip, clip].
   * @returns The new weights, and each example's logits before its step, `[examples, labels]`.
   */
  rnnSgdSteps(
    weights: RnnWeights,
    examples: readonly SgdExample[],
    clip: number,
    activation: Activation,
  ): { weights: RnnWeights; logits: Tensor };
}
