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
  backward(
    ops: Ops,
    config: NetworkConfig,
    dx: Tensor | undefined,
    batch: Batch,
    weights: Weights<Tensor>,
  ): InputGradients;
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

/**
 * A row of numbers for each word, trained or frozen, and a projection of it that is trained:
 *
 *     x_t = e_t P
 */
const projectedEmbedding: InputKind = {
  width: ({ projection }) => projection!,
  shapes: projectedShapes,
  read(ops, weights, { words, table }, mask) {
    const { rows, places } = table!;
    const different = ops.matmul(ops.gatherRows(weights.embedding, rows), weights.projection);
    const x = ops.gatherRows(different, places); // x_t = e_t P
    const inputs = denseInputs(mask ? ops.multiply(x, mask) : x);
    if (mask || SELDOM * rows.length > words.length) return inputs;
    return { ...inputs, project: (ops, W) => ops.gatherRows(ops.matmul(different, W), places) };
  },
  backward(ops, config, dx, { table }, weights): InputGradients {
    const { rows, places } = table!;
    const d = ops.scatterRows(dx!, places); // of each different word
    const { gradients, dWords } = projectionBackward(ops, config, weights, rows, d);
    return {
      gradients: dWords ? { embedding: { values: dWords, rows }, ...gradients } : gradients,
    };
  },
};

/** The shapes of the embedding's weights, and of its projection where there is one. */
function projectedShapes({ embedding, projection }: NetworkConfig, words: number): Weights<Shape> {
  return {
    embedding: [words, embedding],
    ...(projection ? { projection: [embedding, projection] as Shape } : {}),
  };
}

/**
 * From the gradient d of e P to those of P, and of e where it is trained:
 *
 *     dP = eᵀ d
 *     de = d Pᵀ
 *
 * @param words The word of each row.
 */
function projectionBackward(
  ops: Ops,
  { frozen }: NetworkConfig,
  { embedding, projection }: Weights<Tensor>,
  words: Indices,
  d: Tensor,
): { gradients: Weights<Gradient>; dWords?: Tensor } {
  const e = ops.gatherRows(embedding, words);
  const values = ops.matmul(e, d, { transposeA: true }); // dP = eᵀ d
  return {
    gradients: { projection: { values } },
    ...(frozen ? {} : { dWords: ops.matmul(d, projection, { transposeB: true }) }), // de = d Pᵀ
  };
}

/** A row of numbers for each word, and beside it what a small network makes of its letters. */
const embeddingAndLetters: InputKind = {
  width: (config) => (config.projection || config.embedding) + lettersWidth(config),
  shapes: projectedShapes,
  read(ops, weights, { words, spelled }, mask, letters) {
    const e = ops.gatherRows(weights.embedding, spelled!.words);
    const known = weights.projection ? ops.matmul(e, weights.projection) : e; // e P
    const different = ops.concatColumns([known, letters!]); // [e, c], a row for each spelling
    const x = ops.gatherRows(different, words);
    const inputs = denseInputs(mask ? ops.multiply(x, mask) : x);
    if (mask || SELDOM * different.shape[0] > words.length) return inputs;
    return { ...inputs, project: (ops, W) => ops.gatherRows(ops.matmul(different, W), words) };
  },
  backward(ops, config, dx, { words, spelled, table }, weights): InputGradients {
    const { embedding, frozen, projection } = config;
    const d = ops.scatterRows(dx!, words); // [de, dc], of every place of a spelling
    const width = projection || embedding;
    const dKnown = ops.sliceColumns(d, 0, width);
    const { gradients, dWords } = projection
      ? projectionBackward(ops, config, weights, spelled!.words, dKnown)
      : { gradients: {}, dWords: frozen ? undefined : dKnown };
    const dEmbedding = (dWords: Tensor) =>
      table
        ? { values: ops.scatterRows(dWords, table.places), rows: table.rows }
        : { values: ops.scatterRows(dWords, spelled!.words) };
    return {
      gradients: { ...(dWords ? { embedding: dEmbedding(dWords) } : {}), ...gradients },
      dLetters: ops.sliceColumns(d, width, d.shape[1]),
    };
  },
};

/** The kind of input that a network reads. */
export function inputsOf({ embedding: width, letters, projection }: NetworkConfig): InputKind {
  if (letters) return embeddingAndLetters;
  return projection ? projectedEmbedding : width > 0 ? embedding : oneHot;
}
