/**
 * The many-to-one network: words in, one verdict out.
 *
 *     h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h)
 *     y   = h_n Why + b_y
 *
 * A word x_t is a one-hot row, so x_t Wxh is one row of Wxh: the product is a look-up, and its
 * gradient x_tᵀ dz adds dz to that row. Neither is ever written out.
 *
 * @module
 */
import type { Indices, Shape, Tensor } from "./backend.ts";
import { crossEntropyGradient } from "./loss.ts";
import type { Ops } from "./ops.ts";

/** The name of a weight, as in the equations. */
export type WeightName = "Wxh" | "Whh" | "bh" | "Why" | "by";

/** All of them, in the order of the equations. */
export const WEIGHT_NAMES: readonly WeightName[] = ["Wxh", "Whh", "bh", "Why", "by"];

/** One thing for each weight: its tensor, its numbers, its gradient, its shape. */
export type Weights<T> = { [name in WeightName]: T };

/** The same for each weight. */
export function mapWeights<T>(fn: (name: WeightName) => T): Weights<T> {
  return { Wxh: fn("Wxh"), Whh: fn("Whh"), bh: fn("bh"), Why: fn("Why"), by: fn("by") };
}

/** What a network is made of. */
export interface NetworkConfig {
  /** The kind of cell: the vanilla network. */
  cell: "rnn";
  /** How many numbers the state h has. */
  hidden: number;
}

/** The weights' shapes for so many words, hidden units and labels. */
export function weightShapes(words: number, hidden: number, labels: number): Weights<Shape> {
  return {
    Wxh: [words, hidden],
    Whh: [hidden, hidden],
    bh: [1, hidden],
    Why: [hidden, labels],
    by: [1, labels],
  };
}

/** Sentences side by side on a device, time-major. */
export interface Batch {
  /** How many sentences there are. */
  size: number;
  /** Word ids, `[timeSteps * size]`; after a sentence's end -1, the word whose one-hot row is 0. */
  words: Indices;
  /** The row of each sentence's own last state h_n among the states, `[size]`. */
  last: Indices;
}

/** Puts sentences of any lengths side by side. */
export function createBatch(ops: Ops, sentences: readonly Int32Array[], words: number): Batch {
  const size = sentences.length;
  const timeSteps = Math.max(1, ...sentences.map((sentence) => sentence.length));
  const ids = new Int32Array(timeSteps * size).fill(-1);
  const last = new Int32Array(size);
  for (const [i, sentence] of sentences.entries()) {
    for (let t = 0; t < sentence.length; t++) ids[t * size + i] = sentence[t];
    last[i] = sentence.length * size + i; // h_0 comes first, so h_n is n steps down
  }
  return {
    size,
    words: ops.indices(ids, words),
    last: ops.indices(last, (timeSteps + 1) * size),
  };
}

/** What the forward pass leaves for the backward pass. */
export interface Forward {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** Each sentence's last state, `[batch, hidden]`. */
  last: Tensor;
  /** y, `[batch, labels]`. */
  logits: Tensor;
}

/** From words to logits. */
export function forward(ops: Ops, weights: Weights<Tensor>, batch: Batch): Forward {
  const { Wxh, Whh, bh, Why, by } = weights;
  const inputs = ops.addRow(ops.gatherRows(Wxh, batch.words), bh);
  const h0 = ops.zeros([batch.size, Whh.shape[0]]);
  const states = ops.rnnForward(inputs, h0, Whh);
  const last = ops.gatherRows(states, batch.last);
  const logits = ops.addRow(ops.matmul(last, Why), by);
  return { states, last, logits };
}

/**
 * The gradient of the batch's mean loss for every weight.
 *
 * The loss sees each sentence's last state alone. The states after it get no gradient, so
 * padding adds exact zeros.
 */
export function backward(
  ops: Ops,
  weights: Weights<Tensor>,
  batch: Batch,
  { states, last, logits }: Forward,
  labels: Indices,
): Weights<Tensor> {
  const { Whh, Why } = weights;
  const dLogits = crossEntropyGradient(ops, logits, labels);
  const dLast = ops.matmul(dLogits, Why, { transposeB: true });
  const dStates = ops.scatterRows(dLast, batch.last);
  const dz = ops.rnnBackward(dStates, states, Whh, batch.size);
  const previous = ops.sliceRows(states, 0, dz.shape[0]); // h_{t-1} beside dz_t
  return {
    Wxh: ops.scatterRows(dz, batch.words),
    Whh: ops.matmul(previous, dz, { transposeA: true }),
    bh: ops.sumRows(dz),
    Why: ops.matmul(last, dLogits, { transposeA: true }),
    by: ops.sumRows(dLogits),
  };
}
