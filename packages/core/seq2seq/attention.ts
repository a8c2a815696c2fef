/**
 * Attention by dot products (Luong, Pham and Manning, 2015, equations 5, 7 and 8):
 *
 *     a_t = softmax(s_t h_1ᵀ, …, s_t h_nᵀ)
 *     c_t = a_t1 h_1 + … + a_tn h_n
 *     combined_t = tanh([c_t, s_t] Wc)
 *
 * All sentences of a batch stand in one product, and a mask keeps each to its own source.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import type { Ops } from "../ops.ts";

/** What attention leaves for the backward pass. */
export interface AttentionPass {
  /** a: each row sums to one, `[queries, keys]`. */
  weights: Tensor;
  /** [c, s], `[queries, 2 * hidden]`. */
  both: Tensor;
  /** tanh([c, s] Wc), `[queries, hidden]`. */
  combined: Tensor;
}

const FORBIDDEN = -1e9; // e to this is 0, and unlike -Infinity it stays finite

/**
 * Looks at the memory from each of the queries.
 *
 * @param queries s, `[queries, hidden]`.
 * @param memory h, `[keys, hidden]`.
 * @param Wc `[2 * hidden, hidden]`.
 * @param mask Added to the scores, `[queries, keys]`.
 */
export function attend(
  ops: Ops,
  queries: Tensor,
  memory: Tensor,
  Wc: Tensor,
  mask?: Tensor,
): AttentionPass {
  const scores = ops.matmul(queries, memory, { transposeB: true });
  const weights = ops.softmax(mask ? ops.add(scores, mask) : scores);
  const both = ops.concatColumns([ops.matmul(weights, memory), queries]);
  return { weights, both, combined: ops.tanh(ops.matmul(both, Wc)) };
}

/** The gradients for the queries, the memory and Wc. */
export function attendBackward(
  ops: Ops,
  dCombined: Tensor,
  { weights, both, combined }: AttentionPass,
  queries: Tensor,
  memory: Tensor,
  Wc: Tensor,
): { dQueries: Tensor; dMemory: Tensor; dWc: Tensor } {
  const hidden = queries.shape[1];
  const dz = ops.multiply(dCombined, ops.tanhDerivative(combined));
  const dBoth = ops.matmul(dz, Wc, { transposeB: true });
  const dContext = ops.sliceColumns(dBoth, 0, hidden);
  const dWeights = ops.matmul(dContext, memory, { transposeB: true });
  // The softmax backward, row by row: a ⊙ (da - Σ a ⊙ da).
  const weighted = ops.multiply(weights, dWeights);
  const ones = ops.tensor(new Float64Array(memory.shape[0]).fill(1), [memory.shape[0], 1]);
  const sums = ops.matmul(weighted, ones);
  const dScores = ops.subtract(weighted, ops.multiplyColumn(weights, sums));
  return {
    dQueries: ops.add(
      ops.sliceColumns(dBoth, hidden, 2 * hidden),
      ops.matmul(dScores, memory),
    ),
    dMemory: ops.add(
      ops.matmul(weights, dContext, { transposeA: true }),
      ops.matmul(dScores, queries, { transposeA: true }),
    ),
    dWc: ops.matmul(both, dz, { transposeA: true }),
  };
}

/**
 * The mask of a batch: a target's rows look at its own source's symbols alone.
 *
 * @param lengths Of each source.
 */
export function attentionMask(
  ops: Ops,
  lengths: readonly number[],
  sourceSteps: number,
  targetSteps: number,
): Tensor {
  const batch = lengths.length, keys = sourceSteps * batch;
  const mask = new Float32Array(targetSteps * batch * keys).fill(FORBIDDEN);
  for (const [i, length] of lengths.entries()) {
    for (let t = 0; t < targetSteps; t++) {
      const row = (t * batch + i) * keys;
      for (let j = 0; j < length; j++) mask[row + j * batch + i] = 0;
    }
  }
  return ops.tensor(mask, [targetSteps * batch, keys]);
}
