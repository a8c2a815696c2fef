/**
 * Ops that a backend may offer for speed, each defined by its composition from primitive ops.
 *
 * @module
 */
import type { NormOps } from "./norm_ops.ts";
import type { Indices, Tensor } from "./tensor.ts";

/** The activation function, which makes h of z in a vanilla RNN. */
export type Activation = "tanh" | "relu";

/** What {@linkcode FusedOps.lstmForward} gives. */
export interface LstmTrace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n, `[(timeSteps + 1) * batch, hidden]`. */
  cells: Tensor;
  /** i, f, g and o of each step, `[timeSteps * batch, 4 * hidden]`. */
  gates: Tensor;
}

/** What {@linkcode FusedOps.gruForward} gives. */
export interface GruTrace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** r, z, n and h_{t-1} Whn + b_hn of each step, `[timeSteps * batch, 4 * hidden]`. */
  gates: Tensor;
}

/**
 * Which queries of a batch may attend to which rows of its memory: those of a sentence to the steps of
 * its own source. Row t * batch + i of the memory is step t of source i.
 */
export interface AttentionSpans {
  /** The length of each source. */
  lengths: readonly number[];
  /** How many steps of sources the memory has. */
  sourceSteps: number;
  /** How many steps of targets there are, with those of which all is padding. */
  targetSteps: number;
  /** For each row of the queries t * batch + i, where it is step t of target i; -1 for padding. */
  places: Int32Array;
  /** How many sentences share a product in core's composition, for those who add up as it does. */
  together: number;
}

/** The scores of a conditional random field. */
export interface CrfWeights {
  /** Of each label as the first, `[1, labels]`. */
  startTransitions: Tensor;
  /** Of each label as the last, `[1, labels]`. */
  endTransitions: Tensor;
  /** Of each pair of labels, the first by the row, `[labels, labels]`. */
  transitions: Tensor;
}

/** What {@linkcode FusedOps.crf} gives. */
export interface CrfTrace extends CrfWeights {
  /**
   * -ln p(c_t | c_{t+1} … c_n) of each target, `[timeSteps * batch, 1]`: in sum over a sequence
   * -ln p(c), as what comes after the next label says nothing more.
   */
  losses: Tensor;
  /** How probable each label is at each place, `[timeSteps * batch, labels]`; zeros for padding. */
  marginals: Tensor;
  /** The gradient for the logits, of the losses' sum times the weight. */
  dLogits: Tensor;
}

/** The settings of {@linkcode FusedOps.adam}. */
export interface AdamOptions {
  /** What W is multiplied by first. */
  keep: number;
  /** The step's size, with the corrections of Adam's means in it. */
  stepSize: number;
  /** How much of the mean of gradients is kept. */
  beta1: number;
  /** How much of the mean of their squares is kept. */
  beta2: number;
  /** What keeps quotients finite. */
  epsilon: number;
  /** The rows to touch, as those of `UpdateOptions`. */
  rows?: Indices;
}

/**
 * Whole recurrences, and a whole step of Adam, that a backend may offer as one op each, for speed.
 * Each is defined by its composition from primitive ops, which core uses where a backend does not
 * offer it.
 *
 * Recurrences may be given how many rows of the batch are `active` at each step, never more than at
 * the step before. The others are padding: what comes of them is anything finite, and backward they
 * get no gradient and give zeros. A backend may compute them as any others, as the compositions do.
 */
export interface FusedOps extends NormOps {
  /**
   * All states of a vanilla RNN: h_t = tanh(inputs_t + h_{t-1} Whh), or relu in tanh's place, for
   * inputs `[timeSteps * batch, hidden]`, h_0 `[batch, hidden]` and Whh `[hidden, hidden]`.
   * Gives h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`.
   */
  rnnForward(
    inputs: Tensor,
    h0: Tensor,
    Whh: Tensor,
    activation: Activation,
    active?: readonly number[],
  ): Tensor;
  /**
   * Backpropagation through time. With dStates the part of the loss's gradient that reaches each
   * of h_0 to h_n directly, gives the gradient for the inputs, `[timeSteps * batch, hidden]`.
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
   * An LSTM over inputs `[timeSteps * batch, 4 * hidden]`, with the columns of i, f, g and o, h_0
   * and c_0 `[batch, hidden]` and Whh `[hidden, 4 * hidden]`. The inputs must not be used again, as
   * the gates may take their place.
   */
  lstmForward(
    inputs: Tensor,
    h0: Tensor,
    c0: Tensor,
    Whh: Tensor,
    active?: readonly number[],
  ): LstmTrace;
  /**
   * The gradients for an LSTM's inputs, and for c_0 `[batch, hidden]`. With dCells, shaped as
   * dStates, the part of the loss's gradient that reaches each of c_0 to c_n directly; without,
   * none does.
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
   * A GRU over inputs `[timeSteps * batch, 3 * hidden]`, with the columns of r, z and n, h_0
   * `[batch, hidden]`, Whh `[hidden, 3 * hidden]` and b_hn `[1, hidden]`.
   */
  gruForward(
    inputs: Tensor,
    h0: Tensor,
    Whh: Tensor,
    bhn: Tensor,
    active?: readonly number[],
  ): GruTrace;
  /**
   * The gradients for a GRU's inputs, for h_{t-1} Whh of each step, both
   * `[timeSteps * batch, 3 * hidden]`, and what h_0 gets past Whh, `[batch, hidden]`.
   */
  gruBackward(
    dStates: Tensor,
    trace: GruTrace,
    Whh: Tensor,
    batch: number,
    active?: readonly number[],
  ): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor };
  /**
   * Attention by dot products, softmax(s hᵀ) h, for queries s `[rows, hidden]` and memory h
   * `[sourceSteps * batch, hidden]`: the contexts of all rows, and their weights over the steps of
   * their own source, `[rows, sourceSteps]`. A row of padding, and a step after a source's end, gets
   * zeros. A backend that offers this is given batches without most of their padding.
   */
  attention(
    queries: Tensor,
    memory: Tensor,
    spans: AttentionSpans,
  ): { contexts: Tensor; weights: Tensor };
  /** The gradients for the queries and the memory, from that of the contexts. */
  attentionBackward(
    dContexts: Tensor,
    queries: Tensor,
    memory: Tensor,
    weights: Tensor,
    spans: AttentionSpans,
  ): { dQueries: Tensor; dMemory: Tensor };
  /**
   * Softmax and cross-entropy, forward and backward: each row's loss -ln softmax(logits)_c, `[m, 1]`,
   * 0 where its label c is -1; and the gradient w (softmax(logits) - 1_c), shaped as the logits, for
   * row weights w, `[m, 1]`.
   */
  crossEntropy(
    logits: Tensor,
    labels: Indices,
    rowWeights: Tensor,
  ): { losses: Tensor; dLogits: Tensor };
  /**
   * The losses of a conditional random field and their gradients: for the logits, and by its name for
   * each of the weights. The logits are `[timeSteps * batch, labels]`, the targets the right label of
   * each row, -1 for padding, which comes after a sequence; each loss counts `weight`.
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
   * W ← keep · W - stepSize · m / (√v + ε). Consumes W, m and v, and gives them as they are after it.
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
  /** From a one-hot word to the state, `[words, hidden]`. */
  Wxh: Tensor;
  /** From a state to the next, `[hidden, hidden]`. */
  Whh: Tensor;
  /** Of the state, `[1, hidden]`. */
  bh: Tensor;
  /** From the last state to the logits, `[hidden, labels]`. */
  Why: Tensor;
  /** Of the logits, `[1, labels]`. */
  bY: Tensor;
}

/** An example to make one step on. */
export interface SgdExample {
  /** Word ids; -1 for a word whose one-hot row is 0. */
  words: Int32Array;
  /** The right label. */
  label: number;
  /** η of its step. */
  learningRate: number;
}

/** Whole steps of training that a backend may offer as one op, for speed. */
export interface SgdOps {
  /**
   * Gradient descent on the article's network, one example after the other: forward, backward
   * through time, and W ← W - η clip(g) for every weight, as core does it by single ops. Consumes
   * the weights.
   *
   * @param clip Each number of a gradient is brought into [-clip, clip] first.
   * @returns The weights, and each example's logits before its step, `[examples, labels]`.
   */
  rnnSgdSteps(
    weights: RnnWeights,
    examples: readonly SgdExample[],
    clip: number,
    activation: Activation,
  ): { weights: RnnWeights; logits: Tensor };
}
