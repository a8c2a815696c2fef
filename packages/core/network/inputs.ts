/**
 * What a network reads at each step. A layer knows its inputs by three things alone: their product
 * with a weight, the gradient of that weight, and the gradient that goes on to what made them.
 *
 * @module
 */
import type { Indices, Ops, Shape, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { NetworkConfig } from "./config.ts";
import { lettersWidth } from "./letters.ts";
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

/** What the backward pass of inputs gives. */
export interface InputGradients {
  /** Those of the weights of its own. */
  gradients: Weights<Gradient>;
  /** That of what letters gave, a row for each different spelling. */
  dLetters?: Tensor;
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
   * @param letters What was made of the letters of each different spelling.
   */
  read(
    ops: Ops,
    weights: Weights<Tensor>,
    batch: Batch,
    mask?: Tensor,
    letters?: Tensor,
  ): Inputs;
  /** The gradients, from dL/dx. */
  backward(ops: Ops, config: NetworkConfig, dx: Tensor | undefined, batch: Batch): InputGradients;
}

// How often a word stands in a batch, on average, from which on its products are made once.
const SELDOM = 2;

const oneHot: InputKind = {
  width: (_, words) => words,
  shapes: () => ({}),
  read: (_, __, batch) => oneHotInputs(batch.words),
  backward: () => ({ gradients: {} }),
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
  backward(ops, _, dx, { table }): InputGradients {
    if (!dx || !table) return { gradients: {} };
    const values = ops.scatterRows(dx, table.places);
    return { gradients: { embedding: { values, rows: table.rows } } };
  },
};

/** A row of numbers for each word, and beside it what a small network makes of its letters. */
const embeddingAndLetters: InputKind = {
  width: (config) => config.embedding + lettersWidth(config),
  shapes: ({ embedding }, words) => ({ embedding: [words, embedding] }),
  read(ops, weights, { words, spelled }, mask, letters) {
    const known = ops.gatherRows(weights.embedding, spelled!.words);
    const different = ops.concatColumns([known, letters!]); // [e, c], a row for each spelling
    const x = ops.gatherRows(different, words);
    const inputs = denseInputs(mask ? ops.multiply(x, mask) : x);
    if (mask || SELDOM * different.shape[0] > words.length) return inputs;
    return { ...inputs, project: (ops, W) => ops.gatherRows(ops.matmul(different, W), words) };
  },
  backward(ops, { embedding, frozen }, dx, { words, spelled, table }): InputGradients {
    const d = ops.scatterRows(dx!, words); // [de, dc], of every place of a spelling
    const dWords = ops.sliceColumns(d, 0, embedding);
    const dEmbedding = () =>
      table
        ? { values: ops.scatterRows(dWords, table.places), rows: table.rows }
        : { values: ops.scatterRows(dWords, spelled!.words) };
    return {
      gradients: frozen ? {} : { embedding: dEmbedding() },
      dLetters: ops.sliceColumns(d, embedding, d.shape[1]),
    };
  },
};

/** The kind of input that a network reads. */
export function inputsOf({ embedding: width, letters }: NetworkConfig): InputKind {
  return letters ? embeddingAndLetters : width > 0 ? embedding : oneHot;
}
