/**
 * Long sentences, read in chunks: the state is carried from one chunk to the next, and everything
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
  /** How many steps a chunk has at most. */
  chunk: number;
  /** How many words the vocabulary has. */
  words: number;
  /** The dropout masks of a chunk of so many steps, drawn in their order. */
  masks?(timeSteps: number): PassOptions["masks"];
  /** What is pooled over time; without, nothing is. */
  pool?: ChunkPool;
}

/** What is left of sentences that were read. */
export interface Carried {
  /** Each layer's states after each sentence's own last word. */
  states: State[];
  /** The sum or the maximum of the top layer's states, where it was asked for. */
  pooled?: Tensor;
}

/** Pooling over the sentences of a batch, chunk by chunk. */
export interface ChunkPool {
  /** Pools the rows of each sentence. */
  add(ops: Ops, rows: Tensor, sentence: Indices): Tensor;
  /** Makes of it what the head reads, for sentences of these lengths. */
  value(ops: Ops, pooled: Tensor, lengths: readonly number[]): Tensor;
  /** The gradient of what was pooled, from that of its value. */
  backward(ops: Ops, dValue: Tensor, lengths: readonly number[]): Tensor;
  /** From there to some of the rows. */
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
    // The first row that has the maximum gets it: where that is one of before, none of a chunk.
    spread: (ops, dMax, max, rows, sentence) => ops.maxRowsGradient(dMax, max, rows, sentence),
  },
};

/** How a network pools; not at all where the last state is all that counts. */
export function poolOf({ head }: NetworkConfig): ChunkPool | undefined {
  return POOLS[head];
}

/** All that is carried. */
export function handlesOf({ states, pooled }: Carried): Tensor[] {
  return pooled ? [...tensorsOf(states), pooled] : tensorsOf(states);
}

/** Words of a sentence that is long. */
export const LONG = 1000;

/** Steps of a chunk: its states are some megabytes. */
export const CHUNK = 256;

/** Whether sentences can be read in chunks: no layer may need what a later word decides. */
export function canReadInChunks(
  config: Pick<NetworkConfig, "head" | "bidirectional" | "layers">,
): boolean {
  const { isPerStep, isWhole } = poolingOf(config);
  return !isPerStep && !isWhole && (!config.bidirectional || config.layers === 1);
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
    // A power of two, so that a device that builds sizes into its kernels meets few of them.
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

/** The sentence of each row: of what was pooled before, and of each place of a chunk. */
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
 * The logits of sentences, as `forward()` gives them, but in chunks. A second direction reads the
 * sentences turned round.
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
