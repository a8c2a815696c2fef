/**
 * Dot-product attention (Luong, Pham and Manning, 2015, equations 5, 7 and 8):
 *
 *     a_t = softmax(s_t h_1ᵀ, …, s_t h_nᵀ)
 *     c_t = a_t1 h_1 + … + a_tn h_n
 *     combined_t = tanh([c_t, s_t] Wc)
 *
 * Several sentences of a batch share one product, and a mask restricts each to its own source.
 *
 * @module
 */
import type { AttentionSpans, Indices, Ops, Tensor } from "../backend.ts";
import { fusedOr } from "../ops/fused.ts";
import { attention, attentionBackward } from "./span_attention.ts";

/** The sentences of a batch in groups, each with one product. */
export interface AttentionBatches {
  /** The number of sentences that share a product; the last group may have fewer. */
  size: number;
  /** The number of time steps of the sources, padding included. */
  sourceSteps: number;
  /** Row indices that reorder queries from time-major to sentence by sentence. */
  queries: Indices;
  /** Row indices that restore the time-major order of queries. */
  queriesBack: Indices;
  /** Row indices that reorder keys from time-major to sentence by sentence. */
  keys: Indices;
  /** Row indices that restore the time-major order of keys. */
  keysBack: Indices;
  /** For each group, 0 where a query may attend to a key, else far below 0. */
  masks: Tensor[];
}

// Their exponentials are 0 next to any score's, and unlike -Infinity they are finite.
const FORBIDDEN = { float32: -3.4e38, float64: -1.7e308 };
const KEYS_AT_ONCE = 128; // columns of a product: fewer mean more calls, more mean more masked work

/**
 * Creates the groups of a batch.
 *
 * @param lengths The length of each source.
 */
export function createAttentionBatches(
  ops: Ops,
  lengths: readonly number[],
  sourceSteps: number,
  targetSteps: number,
): AttentionBatches {
  const batch = lengths.length;
  const size = sentencesTogether(batch, sourceSteps);
  const Numbers = ops.dtype === "float64" ? Float64Array : Float32Array;
  const masks: Tensor[] = [];
  for (let start = 0; start < batch; start += size) {
    const some = lengths.slice(start, start + size), keys = some.length * sourceSteps;
    const mask = new Numbers(some.length * targetSteps * keys).fill(FORBIDDEN[ops.dtype]);
    for (const [i, length] of some.entries()) {
      for (let t = 0; t < targetSteps; t++) {
        const at = (i * targetSteps + t) * keys + i * sourceSteps;
        mask.fill(0, at, at + length);
      }
    }
    masks.push(ops.tensor(mask, [some.length * targetSteps, keys]));
  }
  const [queries, queriesBack] = turned(ops, batch, targetSteps);
  const [keys, keysBack] = turned(ops, batch, sourceSteps);
  return { size, sourceSteps, queries, queriesBack, keys, keysBack, masks };
}

/** Returns indices that reorder rows from time-major to sentence by sentence, and back. */
function turned(ops: Ops, batch: number, steps: number): [Indices, Indices] {
  const there = new Int32Array(batch * steps), back = new Int32Array(batch * steps);
  for (let i = 0; i < batch; i++) {
    for (let t = 0; t < steps; t++) {
      there[i * steps + t] = t * batch + i;
      back[t * batch + i] = i * steps + t;
    }
  }
  return [ops.indices(there, there.length), ops.indices(back, back.length)];
}

/** Returns all handles that groups have on the device. */
export function groupHandles(
  { queries, queriesBack, keys, keysBack, masks }: AttentionBatches,
): (Tensor | Indices)[] {
  return [queries, queriesBack, keys, keysBack, ...masks];
}

/** The tensors of one group. */
interface Part {
  /** The queries s. */
  queries: Tensor;
  /** The keys h. */
  keys: Tensor;
  /** The attention weights a; each row sums to 1. */
  weights: Tensor;
}

/** The tensors that the backward pass of attention needs. */
export interface AttentionPass {
  /** One for each group, or one for all without groups; empty with spans. */
  parts: Part[];
  /** With spans, all queries, keys and weights. */
  whole?: Part;
  /** [c, s], `[queries, 2 * hidden]`. */
  contextAndState: Tensor;
  /** tanh([c, s] Wc), `[queries, hidden]`. */
  combined: Tensor;
}

/**
 * Attends from each query to the memory.
 *
 * @param queries s, `[timeSteps * batch, hidden]`.
 * @param memory h, `[sourceSteps * batch, hidden]`.
 * @param Wc The weights of context and state, `[2 * hidden, hidden]`.
 * @param groups The memory that each query may attend to. Default: all of it.
 */
export function attend(
  ops: Ops,
  queries: Tensor,
  memory: Tensor,
  Wc: Tensor,
  groups?: AttentionBatches | AttentionSpans,
): AttentionPass {
  if (isSpans(groups)) {
    const { contexts, weights } = fusedOr(ops, "attention", attention)(queries, memory, groups);
    const contextAndState = ops.concatColumns([contexts, queries]);
    const combined = ops.tanh(ops.matmul(contextAndState, Wc));
    return { parts: [], whole: { queries, keys: memory, weights }, contextAndState, combined };
  }
  const allQueries = rowsOf(ops, queries, groups, groups?.queries);
  const allKeys = rowsOf(ops, memory, groups, groups?.keys);
  const parts = allQueries.map((queries, i) => {
    const keys = allKeys[i];
    const scores = ops.matmul(queries, keys, { transposeB: true });
    return {
      queries,
      keys,
      weights: ops.softmax(groups ? ops.add(scores, groups.masks[i]) : scores),
    };
  });
  const contexts = parts.map(({ weights, keys }) => ops.matmul(weights, keys));
  const contextAndState = ops.concatColumns([
    together(ops, contexts, groups?.queriesBack),
    queries,
  ]);
  return { parts, contextAndState, combined: ops.tanh(ops.matmul(contextAndState, Wc)) };
}

function isSpans(groups?: AttentionBatches | AttentionSpans): groups is AttentionSpans {
  return groups !== undefined && "places" in groups;
}

/** Splits rows into those of each group. */
function rowsOf(
  ops: Ops,
  a: Tensor,
  groups: AttentionBatches | undefined,
  order: Indices | undefined,
): Tensor[] {
  if (!groups || !order) return [a];
  const turned = ops.gatherRows(a, order);
  if (groups.masks.length === 1) return [turned];
  const perSentence = a.shape[0] / sentencesOf(groups);
  return groups.masks.map((_, i) => {
    const start = i * groups.size * perSentence;
    return ops.sliceRows(
      turned,
      start,
      Math.min(start + groups.size * perSentence, a.shape[0]),
    );
  });
}

function sentencesOf({ keys, sourceSteps }: AttentionBatches): number {
  return keys.length / sourceSteps;
}

/** Joins the rows of all groups, in their original order. */
function together(ops: Ops, parts: Tensor[], back: Indices | undefined): Tensor {
  const all = parts.length === 1 ? parts[0] : ops.concatRows(parts);
  return back ? ops.gatherRows(all, back) : all;
}

/** Computes the gradients of the queries, the memory and Wc. */
export function attendBackward(
  ops: Ops,
  dCombined: Tensor,
  { parts, whole, contextAndState, combined }: AttentionPass,
  Wc: Tensor,
  groups?: AttentionBatches | AttentionSpans,
): { dQueries: Tensor; dMemory: Tensor; dWc: Tensor } {
  const hidden = combined.shape[1];
  const dz = ops.multiply(dCombined, ops.tanhDerivative(combined));
  const dContextAndState = ops.matmul(dz, Wc, { transposeB: true });
  const dWc = ops.matmul(contextAndState, dz, { transposeA: true });
  const dState = ops.sliceColumns(dContextAndState, hidden, 2 * hidden);
  const dContext = ops.sliceColumns(dContextAndState, 0, hidden);
  if (isSpans(groups)) {
    const { queries, keys, weights } = whole!;
    const backward = fusedOr(ops, "attentionBackward", attentionBackward);
    const { dQueries, dMemory } = backward(dContext, queries, keys, weights, groups);
    return { dQueries: ops.add(dState, dQueries), dMemory, dWc };
  }
  const dContexts = rowsOf(ops, dContext, groups, groups?.queries);
  const dQueries: Tensor[] = [], dKeys: Tensor[] = [];
  for (const [i, { queries, keys, weights }] of parts.entries()) {
    const dWeights = ops.matmul(dContexts[i], keys, { transposeB: true });
    // The softmax backward, row by row: a ⊙ (da - Σ a ⊙ da).
    const weighted = ops.multiply(weights, dWeights);
    const ones = ops.tensor(new Float64Array(keys.shape[0]).fill(1), [keys.shape[0], 1]);
    const sums = ops.matmul(weighted, ones);
    const dScores = ops.subtract(weighted, ops.multiplyColumn(weights, sums));
    dQueries.push(ops.matmul(dScores, keys));
    dKeys.push(ops.add(
      ops.matmul(weights, dContexts[i], { transposeA: true }),
      ops.matmul(dScores, queries, { transposeA: true }),
    ));
  }
  return {
    dQueries: ops.add(dState, together(ops, dQueries, groups?.queriesBack)),
    dMemory: together(ops, dKeys, groups?.keysBack),
    dWc,
  };
}

/** Returns the number of sentences that share a product. */
export function sentencesTogether(batch: number, sourceSteps: number): number {
  return Math.min(batch, Math.max(1, Math.floor(KEYS_AT_ONCE / sourceSteps)));
}
