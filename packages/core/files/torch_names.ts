/**
 * Weights under PyTorch's names and shapes, and back.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { cellOf } from "../network/cells/cell.ts";
import {
  directions,
  type NetworkConfig,
  outputWidth,
  suffix,
  type Weights,
} from "../network/config.ts";
import type { Model } from "../model.ts";
import type { StoredTensor } from "./safetensors.ts";
import {
  DECODER,
  decoderConfig,
  ENCODER,
  prefixed,
  withoutPrefix,
} from "../translation/network.ts";

/** What of a model settles its weights' names. */
type Kind = Pick<Model, "task" | "config" | "attention">;

/** Turns `[rows, columns]` into `[columns, rows]`. */
function transpose(a: FloatArray, rows: number, columns: number): FloatArray {
  return a.map((_: number, at: number) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

/** A matrix of PyTorch's, which has its rows where ours has columns. */
function untransposed(numbers: FloatArray, rows: number): FloatArray {
  return transpose(numbers, rows, numbers.length / rows);
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

/** The shapes of the layers' tensors in PyTorch, and of the embedding's, by name. */
function stackShapes(config: NetworkConfig, words: number): Record<string, number[]> {
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
  return shapes;
}

/** The shapes of a model's tensors in PyTorch, by name. */
export function torchShapes(
  { task, config, attention }: Kind,
  words: number,
  labels: number,
): Record<string, number[]> {
  const { hidden } = config;
  if (task !== "translate") {
    return {
      ...stackShapes(config, words),
      "head.weight": [labels, outputWidth(config)],
      "head.bias": [labels],
    };
  }
  return {
    ...prefixed(ENCODER, stackShapes(config, words)),
    ...prefixed(DECODER, stackShapes(decoderConfig(config), labels)),
    ...(attention === "dot" ? { "attention.weight": [hidden, 2 * hidden] } : {}),
    "head.weight": [labels, hidden],
    "head.bias": [labels],
  };
}

/** Weights as PyTorch has them. */
export function toTorch(
  { task, config }: Kind,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  const { by } = weights;
  const stacks = task === "translate"
    ? {
      ...prefixed(ENCODER, stackToTorch(config, withoutPrefix(ENCODER, weights))),
      ...prefixed(DECODER, stackToTorch(decoderConfig(config), withoutPrefix(DECODER, weights))),
    }
    : stackToTorch(config, weights);
  return {
    ...stacks,
    ...(weights.Wc ? { "attention.weight": transposed(weights.Wc, config.hidden) } : {}),
    "head.weight": transposed(weights.Why, by.length),
    "head.bias": { shape: [by.length], data: by },
  };
}

function transposed(data: FloatArray, columns: number): StoredTensor {
  const rows = data.length / columns;
  return { shape: [columns, rows], data: transpose(data, rows, columns) };
}

function stackToTorch(
  config: NetworkConfig,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  const { hidden } = config;
  const width = cellOf(config.cell).gates * hidden;
  const tensors: Record<string, StoredTensor> = {};
  if (weights.embedding) {
    const shape = [weights.embedding.length / config.embedding, config.embedding];
    tensors["embedding.weight"] = { shape, data: weights.embedding };
  }
  for (const { end, theirs } of cells(config)) {
    tensors[`rnn.weight_ih${theirs}`] = transposed(weights["Wxh" + end], width);
    tensors[`rnn.weight_hh${theirs}`] = transposed(weights["Whh" + end], width);
    const bias = weights["bh" + end];
    const recurrent = bias.map(() => 0); // one bias is enough, save within a GRU's reset
    if (config.cell === "gru") recurrent.set(weights["bhn" + end], 2 * hidden);
    tensors[`rnn.bias_ih${theirs}`] = { shape: [width], data: bias };
    tensors[`rnn.bias_hh${theirs}`] = { shape: [width], data: recurrent };
  }
  return tensors;
}

/** Weights from PyTorch's; of two biases that only ever meet in a sum, the sum. */
export function fromTorch(
  { task, config, attention }: Kind,
  data: (name: string) => FloatArray,
): Weights<FloatArray> {
  const stacks = task === "translate"
    ? {
      ...prefixed(ENCODER, stackFromTorch(config, (name) => data(ENCODER + name))),
      ...prefixed(DECODER, stackFromTorch(decoderConfig(config), (name) => data(DECODER + name))),
    }
    : stackFromTorch(config, data);
  const by = data("head.bias");
  return {
    ...stacks,
    ...(task === "translate" && attention === "dot"
      ? { Wc: untransposed(data("attention.weight"), config.hidden) }
      : {}),
    Why: untransposed(data("head.weight"), by.length),
    by,
  };
}

function stackFromTorch(
  config: NetworkConfig,
  data: (name: string) => FloatArray,
): Weights<FloatArray> {
  const { hidden } = config;
  const width = cellOf(config.cell).gates * hidden;
  const weights: Weights<FloatArray> = {};
  if (config.embedding > 0) weights.embedding = data("embedding.weight");
  for (const { end, theirs } of cells(config)) {
    weights["Wxh" + end] = untransposed(data(`rnn.weight_ih${theirs}`), width);
    weights["Whh" + end] = untransposed(data(`rnn.weight_hh${theirs}`), width);
    const bias = data(`rnn.bias_ih${theirs}`).slice();
    const recurrent = data(`rnn.bias_hh${theirs}`);
    const summed = config.cell === "gru" ? 2 * hidden : width;
    for (let i = 0; i < summed; i++) bias[i] += recurrent[i];
    weights["bh" + end] = bias;
    if (config.cell === "gru") weights["bhn" + end] = recurrent.slice(2 * hidden);
  }
  return weights;
}

// What DataParallel and torch.compile put before the names of a model that they wrap.
const WRAPPERS = ["module.", "_orig_mod."];

/** Tensors by name, without what a wrapper of PyTorch's has put before all of their names. */
export function withoutWrapper<T>(tensors: Map<string, T>): Map<string, T> {
  for (const wrapper of [...WRAPPERS, ...WRAPPERS]) { // one may be within the other
    const names = [...tensors.keys()];
    if (!names.every((name) => name.startsWith(wrapper))) continue;
    tensors = new Map([...tensors].map(([name, value]) => [name.slice(wrapper.length), value]));
  }
  return tensors;
}
