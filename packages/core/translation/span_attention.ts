/**
 * Dot-product attention, sentence by sentence: the definition of a backend's fused op.
 *
 * @module
 */
import type { AttentionSpans, Backend, Tensor } from "../backend.ts";

/** Yields the rows of each sentence's queries, and those of its keys. */
function* rowsOf({ lengths, places }: AttentionSpans): Generator<[number[], number[]]> {
  const batch = lengths.length;
  for (const [i, length] of lengths.entries()) {
    const queries = Array.from(places, (_, row) => row)
      .filter((row) => places[row] >= 0 && places[row] % batch === i);
    const keys = Array.from({ length }, (_, t) => t * batch + i);
    if (queries.length > 0) yield [queries, keys];
  }
}

/**
 * Attends from each query to its own source:
 *
 *     a = softmax(s_t h_1ᵀ, …, s_t h_nᵀ)
 *     c_t = a_1 h_1 + … + a_n h_n
 *
 * @param queries s, `[rows, hidden]`.
 * @param memory h, `[sourceSteps * batch, hidden]`.
 * @returns c, `[rows, hidden]`, and a, padded with zeros to `[rows, sourceSteps]`.
 */
export function attention(
  ops: Backend,
  queries: Tensor,
  memory: Tensor,
  spans: AttentionSpans,
): { contexts: Tensor; weights: Tensor } {
  let contexts = ops.zeros(queries.shape);
  let weights = ops.zeros([queries.shape[0], spans.sourceSteps]);
  for (const [some, own] of rowsOf(spans)) {
    const rows = ops.indices(some, queries.shape[0]);
    const s = ops.gatherRows(queries, rows);
    const h = ops.gatherRows(memory, ops.indices(own, memory.shape[0]));
    const a = ops.softmax(ops.matmul(s, h, { transposeB: true }));
    contexts = ops.add(contexts, ops.scatterRows(ops.matmul(a, h), rows));
    weights = ops.add(weights, ops.scatterRows(widened(ops, a, spans.sourceSteps), rows));
  }
  return { contexts, weights };
}

/**
 * Computes the gradients of queries and memory:
 *
 *     da = dc hᵀ
 *     dz = a ⊙ (da - Σ a ⊙ da)      the softmax backward, row by row
 *     ds = dz h
 *     dh = aᵀ dc + dzᵀ s
 */
export function attentionBackward(
  ops: Backend,
  dContexts: Tensor,
  queries: Tensor,
  memory: Tensor,
  weights: Tensor,
  spans: AttentionSpans,
): { dQueries: Tensor; dMemory: Tensor } {
  let dQueries = ops.zeros(queries.shape), dMemory = ops.zeros(memory.shape);
  for (const [some, own] of rowsOf(spans)) {
    const rows = ops.indices(some, queries.shape[0]), keys = ops.indices(own, memory.shape[0]);
    const s = ops.gatherRows(queries, rows), h = ops.gatherRows(memory, keys);
    const dc = ops.gatherRows(dContexts, rows);
    const a = ops.sliceColumns(ops.gatherRows(weights, rows), 0, own.length);
    const weighted = ops.multiply(a, ops.matmul(dc, h, { transposeB: true }));
    const ones = ops.tensor(new Float64Array(own.length).fill(1), [own.length, 1]);
    const dz = ops.subtract(weighted, ops.multiplyColumn(a, ops.matmul(weighted, ones)));
    const dh = ops.add(
      ops.matmul(a, dc, { transposeA: true }),
      ops.matmul(dz, s, { transposeA: true }),
    );
    dQueries = ops.add(dQueries, ops.scatterRows(ops.matmul(dz, h), rows));
    dMemory = ops.add(dMemory, ops.scatterRows(dh, keys));
  }
  return { dQueries, dMemory };
}

/** Appends columns of zeros. */
function widened(ops: Backend, a: Tensor, columns: number): Tensor {
  const [rows, own] = a.shape;
  return own === columns ? a : ops.concatColumns([a, ops.zeros([rows, columns - own])]);
}
