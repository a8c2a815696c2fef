/**
 * Gradient checkpointing (Chen et al. 2016): for long sentences, only the states at chunk
 * boundaries are kept, and the backward pass recomputes each chunk. The gradients are those of the
 * whole sentences.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { type Batch, createBatch, hasTable, uploadRows } from "./batch.ts";
import type { State } from "./cells/cell.ts";
import { type Carried, type ChunkPool, handlesOf, poolOf, sentencesOf } from "./chunks.ts";
import type { NetworkConfig } from "./config.ts";
import { type DrawnMask, uploadMask } from "./dropout.ts";
import { logitsBackward, logitsOf } from "./head.ts";
import { layerOutputs } from "./layer.ts";
import { cellWeights, directions, suffix } from "./shapes.ts";
import { masked, type PassOptions, stackBackward, stackForward } from "./stack.ts";
import { endStates, tensorsOf, zeroStates } from "./states.ts";
import type { Gradient, Weights } from "./weights.ts";

/** A forward pass over long sentences, with its backward pass. */
export interface LongPass {
  /** The logits y, `[batch, labels]`. */
  logits: Tensor;
  /** Returns the gradient of every trained weight, given that of the logits. */
  backward(dLogits: Tensor): Weights<Gradient>;
}

/** One direction's view of the batch. */
interface Side {
  /** The network, reduced to this direction. */
  config: NetworkConfig;
  weights: Weights<Tensor>;
  sentences: readonly Int32Array[];
  reverse: boolean;
  /** The states before each chunk. */
  borders: Carried[];
  /** The states and the pooled values after the last chunk. */
  end: Carried;
}

/**
 * Runs the forward pass over long sentences, in the open scope.
 *
 * @param config A network for which `canReadInChunks()` holds.
 * @param chunk The number of time steps in a chunk.
 * @param drawn The dropout masks of all time steps.
 */
export function longForward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  sentences: readonly Int32Array[],
  chunk: number,
  drawn?: readonly (DrawnMask | undefined)[],
): LongPass {
  const size = sentences.length, { hidden, layers } = config;
  const words = (weights.embedding ?? weights.Wxh).shape[0];
  const longest = sentences.reduce((most, { length }) => Math.max(most, length), 1);
  const pool = poolOf(config);
  const lengths = sentences.map(({ length }) => length);
  const table = hasTable(config) ? uploadRows(ops, sentences, words) : undefined;
  const sides = directions(config).map((reverse): Side => ({
    config: { ...config, bidirectional: false, head: "last" },
    weights: { ...weights, ...cellWeights(config, weights, suffix(0, reverse)) },
    ...{ sentences: reverse ? sentences.map((each) => each.slice().reverse()) : sentences },
    ...{ reverse, borders: [], end: { states: zeroStates(ops, config, size) } },
  }));

  /** Runs the forward pass over one chunk, in the open scope. */
  const read = (side: Side, start: number, before: Carried) => {
    const texts = side.sentences.map((each) => each.subarray(start, start + chunk));
    const tableless = { ...side.config, frozen: true, projection: 0 };
    const batch: Batch = createBatch(ops, tableless, texts, words, chunk);
    if (table) {
      const places = new Int32Array(chunk * size).fill(-1);
      for (const [i, text] of texts.entries()) {
        for (const [t, word] of text.entries()) places[t * size + i] = table.index.get(word)!;
      }
      batch.table = { rows: table.rows, places: ops.indices(places, table.rows.length) };
    }
    const masks = masksAt(ops, side, start, chunk, drawn?.slice(0, layers));
    const { layers: passes } = stackForward(ops, side.config, side.weights, batch, {
      initial: before.states,
      masks,
    });
    const outputs = layerOutputs(ops, passes[layers - 1], batch);
    return { texts, batch, masks, passes, outputs };
  };
  /** The rows to pool, with each one's sentence: those pooled so far, and a chunk's. */
  const rowsOf = (outputs: Tensor, texts: readonly Int32Array[], { pooled }: Carried) => ({
    rows: pooled ? ops.concatRows([pooled, outputs]) : outputs,
    ids: ops.indices(sentencesOf(texts, chunk, pooled !== undefined), size),
  });

  for (const side of sides) {
    for (let start = 0; start < longest; start += chunk) {
      const before = side.end;
      side.borders.push(before);
      ops.scope(() => {
        const { texts, batch, passes, outputs } = read(side, start, before);
        side.end = { states: endStates(ops, passes, batch) };
        if (pool) {
          const { rows, ids } = rowsOf(outputs, texts, before);
          side.end.pooled = pool.add(ops, rows, ids);
        }
        return handlesOf(side.end);
      });
    }
  }
  const parts = sides.map(({ end }) =>
    pool ? pool.value(ops, end.pooled!, lengths) : end.states.at(-1)!.h
  );
  const pooled = parts.length === 1 ? parts[0] : ops.concatColumns(parts);
  const headMask = drawn?.[layers];
  const mask = headMask && uploadMask(ops, headMask);
  const h = masked(ops, pooled, mask);

  return {
    logits: logitsOf(ops, h, weights.Why, weights.by),
    backward(dLogits) {
      const head = logitsBackward(ops, h, dLogits, weights.Why);
      const dPooled = masked(ops, head.dh, mask);
      let sums: Weights<Tensor> = {};
      for (const [k, side] of sides.entries()) {
        const dSide = sides.length === 1
          ? dPooled
          : ops.sliceColumns(dPooled, k * hidden, (k + 1) * hidden);
        const ended = pool ? pool.backward(ops, dSide, lengths) : dSide;
        let dAfter: (State | undefined)[] = new Array(layers).fill(undefined);
        if (!pool) dAfter[layers - 1] = { h: ended };
        for (let c = side.borders.length - 1; c >= 0; c--) {
          const start = c * chunk, before = side.borders[c];
          const [dLater, older] = [dAfter, sums];
          ops.scope(() => {
            const { texts, batch, masks, passes, outputs } = read(side, start, before);
            const dOutputs = pool &&
              dOutputsOf(ops, pool, ended, side.end, rowsOf(outputs, texts, before), chunk * size);
            const { gradients, layers: back } = stackBackward(
              ops,
              side.config,
              side.weights,
              batch,
              { layers: passes },
              { dOutputs, dFinal: dLater },
              { masks },
            );
            const isOver = lengths.map((length) => length <= start);
            dAfter = back.map(({ cells: [cell] }, layer) =>
              withPassed(ops, cell.dInitial(), dLater[layer], isOver)
            );
            sums = { ...older };
            for (const [name, { values }] of Object.entries(gradients)) {
              const isShared = name === "embedding" || name === "projection";
              const own = isShared ? name : name + (side.reverse ? "_reverse" : "");
              sums[own] = older[own] ? ops.add(older[own], values) : values;
            }
            return [...Object.values(sums), ...tensorsOf(dAfter as State[])];
          });
          const isNew = (name: string) => older[name] !== sums[name];
          ops.dispose(Object.keys(older).filter(isNew).map((name) => older[name]));
        }
      }
      const gradients: Weights<Gradient> = { ...head.gradients };
      for (const [name, values] of Object.entries(sums)) {
        gradients[name] = name === "embedding" ? { values, rows: table!.rows } : { values };
      }
      return gradients;
    },
  };
}

/** Returns the gradient of a chunk's states, from that of the values pooled over all chunks. */
function dOutputsOf(
  ops: Ops,
  pool: ChunkPool,
  ended: Tensor,
  { pooled }: Carried,
  { rows, ids }: { rows: Tensor; ids: Parameters<ChunkPool["spread"]>[4] },
  count: number,
): Tensor {
  const d = pool.spread(ops, ended, pooled!, rows, ids);
  return ops.sliceRows(d, d.shape[0] - count, d.shape[0]);
}

/** Returns the gradient of the states before a chunk: unchanged for sentences that had ended. */
function withPassed(
  ops: Ops,
  before: State,
  after: State | undefined,
  isOver: readonly boolean[],
): State {
  if (!after || !isOver.includes(true)) return before;
  const column = ops.tensor(isOver.map(Number), [isOver.length, 1]);
  const sum = (a: Tensor, b?: Tensor) => b ? ops.add(a, ops.multiplyColumn(b, column)) : a;
  return {
    h: sum(before.h, after.h),
    ...(before.c ? { c: sum(before.c, after.c) } : {}),
  };
}

/** Uploads the dropout masks of a chunk's steps, in the direction's reading order. */
function masksAt(
  ops: Ops,
  { sentences, reverse }: Side,
  start: number,
  steps: number,
  drawn: readonly (DrawnMask | undefined)[] | undefined,
): PassOptions["masks"] {
  const size = sentences.length;
  return drawn?.map((mask) => {
    if (!mask) return undefined;
    const { width, kept, scale } = mask;
    const some = new Float32Array(steps * size * width);
    for (const [i, { length }] of sentences.entries()) {
      for (let t = 0; t < steps && start + t < length; t++) {
        const step = reverse ? length - 1 - start - t : start + t;
        const from = (step * size + i) * width;
        const to = (t * size + i) * width;
        for (let j = 0; j < width; j++) some[to + j] = kept[from + j] * scale;
      }
    }
    return ops.tensor(some, [steps * size, width]);
  });
}
