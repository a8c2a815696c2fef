/**
 * Weights under PyTorch's names and shapes, and back.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import { cellOf } from "./cells/cell.ts";
import {
  directions,
  type NetworkConfig,
  outputWidth,
  suffix,
  type Weights,
} from "./network_config.ts";
import type { StoredTensor } from "./safetensors.ts";

/** Turns `[rows, columns]` into `[columns, rows]`. */
function transpose(a: FloatArray, rows: number, columns: number): FloatArray {
  return a.map((_: number, at: number) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

/** The names of each cell's tensors: here, and in PyTorch. */
function cells(config: NetworkConfig): { end: string; theirs: string; inputs: number }[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    directions(config).map((reverse) => ({
      end: suffix(layer, reverse),
      theirs: `_l${layer}${reverse ? "_reverse" : ""}`,
      inputs: layer > 0 ? outputWidth(config) : config.embedding,
    }))).flat();
}

/** The shapes of a network's tensors in PyTorch, by name. */
export function torchShapes(
  config: NetworkConfig,
  words: number,
  labels: number,
): Record<string, number[]> {
  const { hidden, embedding } = config;
  const width = cellOf(config.cell).gates * hidden;
  const shapes: Record<string, number[]> = {};
  if (embedding > 0) shapes["embedding.weight"] = [words, embedding];
  for (const { theirs, inputs } of cells(config)) {
    shapes[`rnn.weight_ih${theirs}`] = [width, inputs || words];
    shapes[`rnn.weight_hh${theirs}`] = [width, hidden];
    shapes[`rnn.bias_ih${theirs}`] = [width];
    shapes[`rnn.bias_hh${theirs}`] = [width];
  }
  shapes["head.weight"] = [labels, outputWidth(config)];
  shapes["head.bias"] = [labels];
  return shapes;
}

/** Weights as PyTorch has them. */
export function toTorch(
  config: NetworkConfig,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  const { hidden } = config;
  const width = cellOf(config.cell).gates * hidden;
  const tensors: Record<string, StoredTensor> = {};
  const matrix = (name: string, data: FloatArray, columns: number) => {
    const rows = data.length / columns;
    tensors[name] = { shape: [columns, rows], data: transpose(data, rows, columns) };
  };
  if (weights.embedding) {
    const shape = [weights.embedding.length / config.embedding, config.embedding];
    tensors["embedding.weight"] = { shape, data: weights.embedding };
  }
  for (const { end, theirs } of cells(config)) {
    matrix(`rnn.weight_ih${theirs}`, weights["Wxh" + end], width);
    matrix(`rnn.weight_hh${theirs}`, weights["Whh" + end], width);
    const bias = weights["bh" + end];
    const recurrent = bias.map(() => 0); // one bias is enough, save within a GRU's reset
    if (config.cell === "gru") recurrent.set(weights["bhn" + end], 2 * hidden);
    tensors[`rnn.bias_ih${theirs}`] = { shape: [width], data: bias };
    tensors[`rnn.bias_hh${theirs}`] = { shape: [width], data: recurrent };
  }
  matrix("head.weight", weights.Why, weights.by.length);
  tensors["head.bias"] = { shape: [weights.by.length], data: weights.by };
  return tensors;
}

/** Weights from PyTorch's; of two biases that only ever meet in a sum, the sum. */
export function fromTorch(
  config: NetworkConfig,
  data: (name: string) => FloatArray,
): Weights<FloatArray> {
  const { hidden } = config;
  const width = cellOf(config.cell).gates * hidden;
  const weights: Weights<FloatArray> = {};
  const matrix = (name: string, rows: number) => {
    const numbers = data(name);
    return transpose(numbers, rows, numbers.length / rows);
  };
  if (config.embedding > 0) weights.embedding = data("embedding.weight");
  for (const { end, theirs } of cells(config)) {
    weights["Wxh" + end] = matrix(`rnn.weight_ih${theirs}`, width);
    weights["Whh" + end] = matrix(`rnn.weight_hh${theirs}`, width);
    const bias = data(`rnn.bias_ih${theirs}`).slice();
    const recurrent = data(`rnn.bias_hh${theirs}`);
    const summed = config.cell === "gru" ? 2 * hidden : width;
    for (let i = 0; i < summed; i++) bias[i] += recurrent[i];
    weights["bh" + end] = bias;
    if (config.cell === "gru") weights["bhn" + end] = recurrent.slice(2 * hidden);
  }
  const by = data("head.bias");
  weights.Why = matrix("head.weight", by.length);
  weights.by = by;
  return weights;
}
