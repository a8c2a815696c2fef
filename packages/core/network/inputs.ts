/**
 * The inputs of a network at each time step. A layer uses its inputs in only three ways: their
 * product with a weight, the gradient of that weight, and the gradient of the inputs themselves.
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
  /** dx_t = dz_t Wᵀ, `[timeSteps * batch, width]`; absent if x needs no gradient. */
  backward?(ops: Ops, dz: Tensor, W: Tensor): Tensor;
}

/**
 * One-hot words: x_t W is a row of W, so the product is a lookup, and x_tᵀ dz_t adds dz_t to that
 * row. Neither x nor x_tᵀ dz_t is ever materialized.
 *
 * @param words The word of each step, or -1 where x_t is 0.
 */
export function oneHotInputs(words: Indices): Inputs {
  return {
    project: (ops, W) => ops.gatherRows(W, words), // x_t W
    gradient: (ops, dz) => ops.scatterRows(dz, words), // dW = Σ_t x_tᵀ dz_t
  };
}

/** Dense inputs: rows of numbers, `[timeSteps * batch, width]`. */
export function denseInputs(x: Tensor): Required<Inputs> {
  return {
    project: (ops, W) => ops.matmul(x, W), // x_t W
    gradient: (ops, dz) => ops.matmul(x, dz, { transposeA: true }), // dW = Σ_t x_tᵀ dz_t
    backward: (ops, dz, W) => ops.matmul(dz, W, { transposeB: true }), // dx_t = dz_t Wᵀ
  };
}

/** The gradients that the backward pass of inputs returns. */
export interface InputGradients {
  /** Gradients of the inputs' own weights. */
  gradients: Weights<Gradient>;
  /** The gradient of the letters' states, one row per distinct word. */
  dLetters?: Tensor;
}

/** A kind of input: how a batch becomes the lowest layer's inputs. */
export interface InputKind {
  /** Returns the number of elements in x_t. */
  width(config: NetworkConfig, words: number): number;
  /** Returns the shapes of the inputs' own weights. */
  shapes(config: NetworkConfig, words: number): Weights<Shape>;
  /**
   * Returns x_1 to x_n of a batch.
   *
   * @param mask The dropout mask that x is multiplied by.
   * @param letters The letters' states, one row per distinct word.
   */
  read(
    ops: Ops,
    weights: Weights<Tensor>,
    batch: Batch,
    mask?: Tensor,
    letters?: Tensor,
  ): Inputs;
  /** Returns the gradients, from dL/dx. */
  backward(
    ops: Ops,
    config: NetworkConfig,
    dx: Tensor | undefined,
    batch: Batch,
    weights: Weights<Tensor>,
  ): InputGradients;
}

// Average number of occurrences of a word in a batch from which its product is computed once.
const MIN_OCCURRENCES = 2;

const oneHot: InputKind = {
  width: (_, words) => words,
  shapes: () => ({}),
  read: (_, __, batch) => oneHotInputs(batch.words),
  backward: () => ({ gradients: {} }),
};

/** An embedding, trained or frozen. */
const embedding: InputKind = {
  width: ({ embedding }) => embedding,
  shapes: ({ embedding }, words) => ({ embedding: [words, embedding] }),
  read(ops, weights, batch, mask) {
    const { words, table } = batch;
    const x = ops.gatherRows(weights.embedding, words);
    const inputs = denseInputs(mask ? ops.multiply(x, mask) : x);
    // A frozen embedding needs no gradient.
    if (!table) return { project: inputs.project, gradient: inputs.gradient };
    if (mask || MIN_OCCURRENCES * table.rows.length > words.length) return inputs;
    const different = ops.gatherRows(weights.embedding, table.rows);
    // x_t W is the same at every occurrence of a word.
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
 * An embedding, trained or frozen, with a trained projection:
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
    if (mask || MIN_OCCURRENCES * rows.length > words.length) return inputs;
    return { ...inputs, project: (ops, W) => ops.gatherRows(ops.matmul(different, W), places) };
  },
  backward(ops, config, dx, { table }, weights): InputGradients {
    const { rows, places } = table!;
    const d = ops.scatterRows(dx!, places); // of each distinct word
    const { gradients, dWords } = projectionBackward(ops, config, weights, rows, d);
    return {
      gradients: dWords ? { embedding: { values: dWords, rows }, ...gradients } : gradients,
    };
  },
};

/** Returns the shapes of the embedding and, if there is one, of its projection. */
function projectedShapes({ embedding, projection }: NetworkConfig, words: number): Weights<Shape> {
  return {
    embedding: [words, embedding],
    ...(projection ? { projection: [embedding, projection] as Shape } : {}),
  };
}

/**
 * Returns the gradients of P, and of e if it is trained, from the gradient d of e P:
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

/** An embedding, concatenated with the states of a small network that reads the word's letters. */
const embeddingAndLetters: InputKind = {
  width: (config) => (config.projection || config.embedding) + lettersWidth(config),
  shapes: projectedShapes,
  read(ops, weights, { words, spelled }, mask, letters) {
    const e = ops.gatherRows(weights.embedding, spelled!.words);
    const known = weights.projection ? ops.matmul(e, weights.projection) : e; // e P
    const different = ops.concatColumns([known, letters!]); // [e, c], one row per distinct word
    const x = ops.gatherRows(different, words);
    const inputs = denseInputs(mask ? ops.multiply(x, mask) : x);
    if (mask || MIN_OCCURRENCES * different.shape[0] > words.length) return inputs;
    return { ...inputs, project: (ops, W) => ops.gatherRows(ops.matmul(different, W), words) };
  },
  backward(ops, config, dx, { words, spelled, table }, weights): InputGradients {
    const { embedding, frozen, projection } = config;
    const d = ops.scatterRows(dx!, words); // [de, dc], summed over the occurrences of each word
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

/** Returns the kind of input that a network reads. */
export function inputsOf({ embedding: width, letters, projection }: NetworkConfig): InputKind {
  if (letters) return embeddingAndLetters;
  return projection ? projectedEmbedding : width > 0 ? embedding : oneHot;
}
