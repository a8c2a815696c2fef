/**
 * Long sentences, read in chunks: the state is carried from one chunk to the next and everything
 * else is freed, so that memory does not grow with the length.
 *
 * @module
 */
import type { Indices, Ops, Tensor } from "../backend.ts";
import { createBatch } from "./batch.ts";
import type { State } from "./cells/cell.ts";
import type { Head, NetworkConfig } from "./config.ts";
import { logitsOf, poolingOf } from "./head.ts";
import { layerOutputs } from "./layer.ts";
import { cellWeights, directions, suffix } from "./shapes.ts";
import { type PassOptions, stackForward } from "./stack.ts";
import { endStates, tensorsOf, zeroStates } from "./states.ts";
import type { Weights } from "./weights.ts";

/** How sentences are read in chunks. */
export interface ChunkOptions {
  /** The maximum number of time steps in a chunk. */
  chunk: number;
  /** The vocabulary size. */
  words: number;
  /** Draws the dropout masks of the next chunk, of `timeSteps` steps; called in order. */
  masks?(timeSteps: number): PassOptions["masks"];
  /** How to pool the states over time. Default: no pooling. */
  pool?: ChunkPool;
}

/** What is carried from chunk to chunk. */
export interface Carried {
  /** Each layer's states after each sentence's last word so far. */
  states: State[];
  /** The sum or the maximum of the top layer's states, if pooling was requested. */
  pooled?: Tensor;
}

/** Pooling over the sentences of a batch, chunk by chunk. */
export interface ChunkPool {
  /** Pools the rows of each sentence, `[sentences, columns]`. */
  add(ops: Ops, rows: Tensor, sentence: Indices): Tensor;
  /** Returns the head's input from the pooled values, for sentences of the given lengths. */
  value(ops: Ops, pooled: Tensor, lengths: readonly number[]): Tensor;
  /** Returns the gradient of the pooled values, from that of the head's input. */
  backward(ops: Ops, dValue: Tensor, lengths: readonly number[]): Tensor;
  /** Returns the gradient of some of the rows, from that of the pooled values. */
  spread(ops: Ops, dPooled: Tensor, pooled: Tensor, rows: Tensor, sentence: Indices): Tensor;
}

const divided: ChunkPool["value"] = (ops, sums, lengths) => {
  const inverse = lengths.map((length) => 1 / Math.max(1, length));
  return ops.multiplyColumn(sums, ops.tensor(inverse, [lengths.length, 1]));
};

const POOLS: Partial<Record<Head, ChunkPool>> = {
  mean: {
    add: (ops, rows, sentence) => ops.scatterRows(rows, sentence),
    value: divided,
    backward: divided,
    spread: (ops, dSums, _, __, sentence) => ops.gatherRows(dSums, sentence),
  },
  max: {
    add: (ops, rows, sentence) => ops.maxRows(rows, sentence),
    value: (_, pooled) => pooled,
    backward: (_, dMax) => dMax,
    // Only the first row that equals the maximum gets the gradient; it may lie in an earlier chunk.
    spread: (ops, dMax, max, rows, sentence) => ops.maxRowsGradient(dMax, max, rows, sentence),
  },
};

/** Returns how a network pools over time; undefined if it reads only the last state. */
export function poolOf({ head }: NetworkConfig): ChunkPool | undefined {
  return POOLS[head];
}

/** Returns all tensors that are carried. */
export function handlesOf({ states, pooled }: Carried): Tensor[] {
  return pooled ? [...tensorsOf(states), pooled] : tensorsOf(states);
}

const LONG = 1000; // words of one sentence
const MANY = 8192; // words of a batch, whose states take about 50 MB with 32 units

/** Default number of time steps in a chunk; its states take a few megabytes. */
export const CHUNK = 256;

/** Whether sentences can be read in chunks: no layer may need information from later words. */
export function canReadInChunks(
  config: Pick<NetworkConfig, "head" | "bidirectional" | "layers">,
): boolean {
  const { isPerStep, isWhole } = poolingOf(config);
  return !isPerStep && !isWhole && (!config.bidirectional || config.layers === 1);
}

/** Whether sentences are so long that they are read in chunks, to save memory. */
export function areHeavy(
  config: Pick<NetworkConfig, "head" | "bidirectional" | "layers">,
  sentences: readonly Int32Array[],
): boolean {
  let words = 0, longest = 0;
  for (const { length } of sentences) {
    words += length;
    longest = Math.max(longest, length);
  }
  const isHeavy = longest > LONG || longest > CHUNK && words > MANY;
  return isHeavy && canReadInChunks(config);
}

/**
 * Reads sentences from left to right in chunks, in the open scope.
 *
 * @param config A network that reads in one direction.
 */
export function readInChunks(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  sentences: readonly Int32Array[],
  { chunk, words, masks, pool }: ChunkOptions,
): Carried {
  const size = sentences.length;
  const longest = sentences.reduce((most, { length }) => Math.max(most, length), 0);
  const plain: NetworkConfig = { ...config, head: "last" };
  let carried: Carried = { states: zeroStates(ops, config, size) };
  for (let start = 0; start < longest; start += chunk) {
    const before = carried;
    const left = longest - start;
    // Rounded up to a power of two: devices that compile sizes into kernels then see few sizes.
    const steps = Math.min(chunk, 2 ** Math.ceil(Math.log2(left)));
    const texts = sentences.map((sentence) => sentence.subarray(start, start + steps));
    ops.scope(() => {
      const batch = createBatch(ops, plain, texts, words, steps);
      const options = { initial: before.states, masks: masks?.(steps) };
      const { layers } = stackForward(ops, plain, weights, batch, options);
      carried = { states: endStates(ops, layers, batch) };
      if (pool) {
        const outputs = layerOutputs(ops, layers[config.layers - 1], batch);
        const rows = before.pooled ? [before.pooled, outputs] : [outputs];
        const ids = ops.indices(sentencesOf(texts, steps, before.pooled !== undefined), size);
        carried.pooled = pool.add(ops, ops.concatRows(rows), ids);
      }
      return handlesOf(carried);
    });
    ops.dispose(handlesOf(before));
  }
  return carried;
}

/** Returns the sentence of each row: those pooled so far, if any, then a chunk's positions. */
export function sentencesOf(
  texts: readonly Int32Array[],
  steps: number,
  hasBefore: boolean,
): Int32Array {
  const size = texts.length, first = hasBefore ? size : 0;
  const ids = new Int32Array(first + steps * size).fill(-1);
  for (const [i, { length }] of texts.entries()) {
    if (hasBefore) ids[i] = i;
    for (let t = 0; t < length; t++) ids[first + t * size + i] = i;
  }
  return ids;
}

/**
 * Computes the same logits as `forward()`, but in chunks. A second direction reads the sentences
 * reversed.
 *
 * @param config A network for which {@linkcode canReadInChunks} holds.
 */
export function logitsInChunks(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  sentences: readonly Int32Array[],
  chunk: number,
): Tensor {
  const pool = poolOf(config);
  const words = (weights.embedding ?? weights.Wxh).shape[0];
  const [logits] = ops.scope(() => {
    const sides = directions(config).map((reverse) => {
      const side = { ...weights, ...cellWeights(config, weights, suffix(0, reverse)) };
      const texts = reverse ? sentences.map((each) => each.slice().reverse()) : sentences;
      const oneWay: NetworkConfig = { ...config, bidirectional: false };
      const { states, pooled } = readInChunks(ops, oneWay, side, texts, { chunk, words, pool });
      const lengths = sentences.map(({ length }) => length);
      return pool ? pool.value(ops, pooled!, lengths) : states.at(-1)!.h;
    });
    const read = sides.length === 1 ? sides[0] : ops.concatColumns(sides);
    return [logitsOf(ops, read, weights.Why, weights.by)];
  });
  return logits;
}
