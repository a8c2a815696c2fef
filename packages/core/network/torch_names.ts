/**
 * Conversion of weights to and from PyTorch's names and shapes.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { Cell } from "./cells/cell.ts";
import { cellOf } from "./cells/cells.ts";
import type { NetworkConfig } from "./config.ts";
import { crfFromTorch, crfTorchShapes, crfToTorch } from "./crf.ts";
import { inputsOf } from "./inputs.ts";
import { directions, headWidth, outputWidth, suffix } from "./shapes.ts";
import { LETTERS, lettersConfig, lettersWeights } from "./letters.ts";
import { prefixed, type Weights } from "./weights.ts";

/** An array as stored in a file, with its shape. */
export interface StoredTensor {
  /** The size of each dimension. */
  shape: readonly number[];
  /** The elements, row-major. */
  data: FloatArray;
}

/** Transposes a matrix from `[rows, columns]` to `[columns, rows]`. */
function transpose(a: FloatArray, rows: number, columns: number): FloatArray {
  return a.map((_: number, at: number) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

/** Converts a matrix from PyTorch's layout, the transpose of ours. */
export function untransposed(numbers: FloatArray, rows: number): FloatArray {
  return transpose(numbers, rows, numbers.length / rows);
}

/** Converts a matrix to PyTorch's layout, the transpose of ours. */
export function transposed(data: FloatArray, columns: number): StoredTensor {
  const rows = data.length / columns;
  return { shape: [columns, rows], data: transpose(data, rows, columns) };
}

/** Lists the cells: the suffixes of their weights, here and in PyTorch, and their input sizes. */
function cellsOf(
  config: NetworkConfig,
  words: number,
): { end: string; theirs: string; inputs: number }[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    directions(config).map((reverse) => ({
      end: suffix(layer, reverse),
      theirs: `_l${layer}${reverse ? "_reverse" : ""}`,
      inputs: layer > 0 ? outputWidth(config) : inputsOf(config).width(config, words),
    }))).flat();
}

/** Returns the shapes of the layers' tensors in PyTorch, and of the embedding's, by name. */
export function stackTorchShapes(config: NetworkConfig, words: number): Record<string, number[]> {
  const { hidden, embedding, projection } = config;
  const cell = cellOf(config.cell), width = cell.gates.length * hidden;
  const own = cell.recurrentShapes(hidden);
  const isRecurrent = own.Whh !== undefined;
  const shapes: Record<string, number[]> = {};
  if (embedding > 0) shapes["embedding.weight"] = [words, embedding];
  if (projection) shapes["projection.weight"] = [projection, embedding];
  for (const { theirs, inputs } of cellsOf(config, words)) {
    shapes[`rnn.weight_ih${theirs}`] = [width, inputs];
    if (isRecurrent) shapes[`rnn.weight_hh${theirs}`] = [width, hidden];
    for (const [name, { gain }] of Object.entries(cell.norms ?? {})) {
      const [, size] = own[gain];
      shapes[`rnn.${name}${theirs}.weight`] = [size];
      shapes[`rnn.${name}${theirs}.bias`] = [size];
    }
    if (cell.norms) continue; // the normalizations' biases are the only ones
    shapes[`rnn.bias_ih${theirs}`] = [width];
    if (isRecurrent) shapes[`rnn.bias_hh${theirs}`] = [width];
  }
  return shapes;
}

/** Converts the layers' weights, and the embedding, to PyTorch's layout. */
export function stackToTorch(
  config: NetworkConfig,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  const { hidden } = config;
  const { gates, innerBias, norms } = cellOf(config.cell), width = gates.length * hidden;
  const tensors: Record<string, StoredTensor> = {};
  if (weights.embedding) {
    const shape = [weights.embedding.length / config.embedding, config.embedding];
    tensors["embedding.weight"] = { shape, data: weights.embedding };
  }
  if (config.projection) {
    tensors["projection.weight"] = transposed(weights.projection, config.projection);
  }
  for (const { end, theirs } of cellsOf(config, 0)) {
    const Whh = weights["Whh" + end], bias = weights["bh" + end];
    tensors[`rnn.weight_ih${theirs}`] = transposed(weights["Wxh" + end], width);
    if (Whh) tensors[`rnn.weight_hh${theirs}`] = transposed(Whh, width);
    for (const [name, own] of Object.entries(norms ?? {})) {
      const gain = weights[own.gain + end], shape = [gain.length];
      const added = own.bias ? weights[own.bias + end] : gain.map(() => 0);
      tensors[`rnn.${name}${theirs}.weight`] = { shape, data: gain };
      tensors[`rnn.${name}${theirs}.bias`] = { shape, data: added };
    }
    if (norms) continue;
    tensors[`rnn.bias_ih${theirs}`] = { shape: [width], data: bias };
    if (!Whh) continue;
    const recurrent = bias.map(() => 0); // one bias suffices, except inside the recurrence
    if (innerBias) recurrent.set(weights[innerBias.weight + end], innerBias.gate * hidden);
    tensors[`rnn.bias_hh${theirs}`] = { shape: [width], data: recurrent };
  }
  return tensors;
}

/** Converts the layers' weights from PyTorch's layout; biases that are only added become one. */
export function stackFromTorch(
  config: NetworkConfig,
  data: (name: string) => FloatArray,
): Weights<FloatArray> {
  const { hidden } = config;
  const { gates, innerBias, norms, recurrentShapes } = cellOf(config.cell);
  const width = gates.length * hidden;
  const isRecurrent = recurrentShapes(hidden).Whh !== undefined;
  const weights: Weights<FloatArray> = {};
  if (config.embedding > 0) weights.embedding = data("embedding.weight");
  if (config.projection) {
    weights.projection = untransposed(data("projection.weight"), config.projection);
  }
  for (const { end, theirs } of cellsOf(config, 0)) {
    weights["Wxh" + end] = untransposed(data(`rnn.weight_ih${theirs}`), width);
    if (isRecurrent) weights["Whh" + end] = untransposed(data(`rnn.weight_hh${theirs}`), width);
    if (norms) {
      Object.assign(weights, normsFromTorch(norms, end, (name) => data(`rnn.${name(theirs)}`)));
      continue;
    }
    const bias = data(`rnn.bias_ih${theirs}`).slice();
    weights["bh" + end] = bias;
    if (!isRecurrent) continue;
    const recurrent = data(`rnn.bias_hh${theirs}`);
    const [first, last] = innerBias
      ? [innerBias.gate * hidden, (innerBias.gate + 1) * hidden]
      : [width, width];
    for (let i = 0; i < width; i++) if (i < first || i >= last) bias[i] += recurrent[i];
    if (innerBias) weights[innerBias.weight + end] = recurrent.slice(first, last);
  }
  return weights;
}

/** Converts the weights of layer normalizations; a bias that has no weight here is added to b_h. */
function normsFromTorch(
  norms: NonNullable<Cell["norms"]>,
  end: string,
  data: (name: (theirs: string) => string) => FloatArray,
): Weights<FloatArray> {
  const weights: Weights<FloatArray> = {};
  for (const [name, { gain, bias = "bh" }] of Object.entries(norms)) {
    weights[gain + end] = data((theirs) => `${name}${theirs}.weight`);
    const added = data((theirs) => `${name}${theirs}.bias`), sum = weights[bias + end];
    weights[bias + end] = sum ? sum.map((value: number, i: number) => value + added[i]) : added;
  }
  return weights;
}

/**
 * Returns the shapes of a network's tensors in PyTorch, by name.
 *
 * @param letters The number of different letters, if letters are read. Default: 0.
 */
export function torchShapes(
  config: NetworkConfig,
  words: number,
  labels: number,
  letters = 0,
): Record<string, number[]> {
  return {
    ...(config.letters ? prefixed(LETTERS, stackTorchShapes(lettersConfig(config), letters)) : {}),
    ...stackTorchShapes(config, words),
    "head.weight": [labels, headWidth(config)],
    "head.bias": [labels],
    ...(config.crf ? crfTorchShapes(labels) : {}),
  };
}

/** Converts a network's weights to PyTorch's layout. */
export function toTorch(
  config: NetworkConfig,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  return {
    ...(config.letters
      ? prefixed(LETTERS, stackToTorch(lettersConfig(config), lettersWeights(weights)))
      : {}),
    ...stackToTorch(config, weights),
    ...headToTorch(weights),
    ...(config.crf ? crfToTorch(weights) : {}),
  };
}

/** Converts a network's weights from PyTorch's layout. */
export function fromTorch(
  config: NetworkConfig,
  data: (name: string) => FloatArray,
): Weights<FloatArray> {
  const lettersData = (name: string) => data(LETTERS + name);
  return {
    ...(config.letters
      ? prefixed(LETTERS, stackFromTorch(lettersConfig(config), lettersData))
      : {}),
    ...stackFromTorch(config, data),
    ...headFromTorch(data),
    ...(config.crf ? crfFromTorch(data) : {}),
  };
}

/** Converts the head's weights to the layout of `torch.nn.Linear`. */
export function headToTorch({ Why, by: bY }: Weights<FloatArray>): Record<string, StoredTensor> {
  return {
    "head.weight": transposed(Why, bY.length),
    "head.bias": { shape: [bY.length], data: bY },
  };
}

/** Converts the head's weights from the layout of `torch.nn.Linear`. */
export function headFromTorch(data: (name: string) => FloatArray): Weights<FloatArray> {
  const bY = data("head.bias");
  return { Why: untransposed(data("head.weight"), bY.length), by: bY };
}
