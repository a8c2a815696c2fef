/**
 * What a network reads at each step. A layer knows its inputs by three things alone: their product
 * with a weight, the gradient of that weight, and the gradient that goes on to what made them.
 *
 * @module
 */
import type { Indices, Ops, Shape, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { NetworkConfig } from "./config.ts";
import type { Gradient, Weights } from "./weights.ts";

/** x_1 to x_n of every sequence of a batch, time-major. */
export interface Inputs {
  /** x_t W for every step, `[timeSteps * batch, columns]`, for W `[width, columns]`. */
  project(ops: Ops, W: Tensor): Tensor;
  /** dW = Σ_t x_tᵀ dz_t, `[width, columns]`, for dz `[timeSteps * batch, columns]`. */
  gradient(ops: Ops, dz: Tensor): Tensor;
  /** dx_t = dz_t Wᵀ, `[timeSteps * batch, width]`; none where nothing made x. */
  backward?(ops: Ops, dz: Tensor, W: Tensor): Tensor;
}

/**
 * One-hot words: x_t W is a row of W, so the product is a look-up, and x_tᵀ dz_t adds dz_t to that
 * row. Neither is ever written out.
 *
 * @param words The word of each step, -1 where x_t is 0.
 */
export function oneHotInputs(words: Indices): Inputs {
  return {
    project: (ops, W) => ops.gatherRows(W, words), // x_t W
    gradient: (ops, dz) => ops.scatterRows(dz, words), // dW = Σ_t x_tᵀ dz_t
  };
}

/** Rows of numbers, `[timeSteps * batch, width]`. */
export function denseInputs(x: Tensor): Required<Inputs> {
  return {
    project: (ops, W) => ops.matmul(x, W), // x_t W
    gradient: (ops, dz) => ops.matmul(x, dz, { transposeA: true }), // dW = Σ_t x_tᵀ dz_t
    backward: (ops, dz, W) => ops.matmul(dz, W, { transposeB: true }), // dx_t = dz_t Wᵀ
  };
}

/** A kind of input: how the lowest layer's inputs are made of a batch. */
export interface InputKind {
  /** How many numbers x_t has. */
  width(config: NetworkConfig, words: number): number;
  /** The weights of its own. */
  shapes(config: NetworkConfig, words: number): Weights<Shape>;
  /**
   * x_1 to x_n of a batch.
   *
   * @param mask For dropout, what x is multiplied by.
   */
  read(ops: Ops, weights: Weights<Tensor>, batch: Batch, mask?: Tensor): Inputs;
  /** The gradients of the weights of its own, from dL/dx. */
  backward(ops: Ops, dx: Tensor | undefined, batch: Batch): Weights<Gradient>;
}

// How often a word stands in a batch, on average, from which on its products are made once.
const SELDOM = 2;

const oneHot: InputKind = {
  width: (_, words) => words,
  shapes: () => ({}),
  read: (_, __, batch) => oneHotInputs(batch.words),
  backward: () => ({}),
};

/** A row of numbers for each word, trained or frozen. */
const embedding: InputKind = {
  width: ({ embedding }) => embedding,
  shapes: ({ embedding }, words) => ({ embedding: [words, embedding] }),
  read(ops, weights, batch, mask) {
    const { words, table } = batch;
    const x = ops.gatherRows(weights.embedding, words);
    const inputs = denseInputs(mask ? ops.multiply(x, mask) : x);
    // Nothing goes on to an embedding that stays as it is.
    if (!table) return { project: inputs.project, gradient: inputs.gradient };
    if (mask || SELDOM * table.rows.length > words.length) return inputs;
    const different = ops.gatherRows(weights.embedding, table.rows);
    // x_t W is the same wherever a word stands.
    const project = (ops: Ops, W: Tensor) => ops.gatherRows(ops.matmul(different, W), table.places);
    return { ...inputs, project };
  },
  backward(ops, dx, { table }): Weights<Gradient> {
    if (!dx || !table) return {};
    return { embedding: { values: ops.scatterRows(dx, table.places), rows: table.rows } };
  },
};

/** The kind of input that a network reads. */
export function inputsOf({ embedding: width }: NetworkConfig): InputKind {
  return width > 0 ? embedding : oneHot;
}
