/**
 * The workloads, and the weights and words of every program. `workloads.json` describes the
 * workloads; weights and words come from a hash that takes a few lines in any language, so that all
 * programs compute the same and their losses must agree.
 *
 * @module
 */
import type { FloatArray } from "#core/backend.ts";
import { type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { fromTorch, torchShapes } from "#core/network/torch_names.ts";
import type { Weights } from "#core/network/weights.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import given from "./workloads.json" with { type: "json" };

/** A workload to time. */
export interface Workload {
  /** The title. */
  title: string;
  /** The article's whole run, a training step, or a forward pass. */
  task: "article" | "train" | "forward";
  /** The network. */
  config: NetworkConfig;
  /** The vocabulary size. */
  words: number;
  /** The number of labels. */
  labels: number;
  /** The batch size: the number of sentences per step. */
  batch: number;
  /** The number of words per sentence. */
  timeSteps: number;
  /** The number of epochs of the article's run. */
  epochs: number;
  /** The learning rate. */
  learningRate: number;
}

/** The workloads by name. */
export const WORKLOADS: Record<string, Workload> = Object.fromEntries(
  Object.entries(given).map(([name, each]) => {
    const config = networkConfig(each.config as Partial<NetworkConfig>);
    return [name, { epochs: 0, learningRate: 0, ...each, config } as Workload];
  }),
);

/** The sizes of a workload that can be changed. */
export interface Sizes {
  /** The number of words per sentence. */
  timeSteps?: number;
  /** The hidden size. */
  hidden?: number;
}

/** Returns a workload with other sizes. */
export function resized(workload: Workload, { timeSteps, hidden }: Sizes): Workload {
  const { config } = workload;
  return {
    ...workload,
    timeSteps: timeSteps ?? workload.timeSteps,
    config: { ...config, hidden: hidden ?? config.hidden },
  };
}

// Random streams: those of the weights start at 0, in PyTorch's order; those of batches, here.
const BATCHES = 1000;

/**
 * Returns random numbers, at least 0 and below 1, the same in every program: a hash of stream and
 * index.
 */
function numbers(stream: number, count: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = (i + Math.imul(stream, 0x9e3779b1)) >>> 0;
    // "lowbias32" of Chris Wellons's hash-prospector.
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    out[i] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  }
  return out;
}

/** Returns the initial weights of every program: uniform within ±1 / √hidden. */
export function startWeights({ config, words, labels }: Workload): Weights<FloatArray> {
  const shapes = Object.entries(torchShapes(config, words, labels));
  const k = 1 / Math.sqrt(config.hidden);
  const stored = new Map(shapes.map(([name, shape], stream) => {
    const size = shape.reduce((product, n) => product * n);
    // The second of PyTorch's two biases stays zero in all programs.
    if (name.includes("bias_hh")) return [name, new Float64Array(size)];
    return [name, numbers(stream, size).map((u) => (2 * u - 1) * k)];
  }));
  return fromTorch(config, (name) => stored.get(name)!);
}

/**
 * Returns the sentences of a step, counted from 0: random words, and labels that can be learned,
 * because the k-th part of the vocabulary has the k-th label. A tagger's labels are those of each
 * word, a classifier's that of the last word.
 */
export function drawBatch(
  { config, words, labels, batch, timeSteps }: Workload,
  step: number,
): EncodedExample[] {
  const u = numbers(BATCHES + step, timeSteps * batch);
  const first = config.head === "token" ? 0 : timeSteps - 1;
  const of = (count: number, i: number, from: number) =>
    Int32Array.from({ length: timeSteps - from }, (_, t) => u[(from + t) * batch + i] * count);
  return Array.from({ length: batch }, (_, i) => ({
    words: of(words, i, 0),
    labels: of(labels, i, first),
  }));
}
