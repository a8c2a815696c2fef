/**
 * One step of Adam (Kingma and Ba 2014), composed of primitives: the definition of the fused op.
 *
 * @module
 */
import type { AdamOptions, PrimitiveOps, Tensor } from "../backend.ts";

/**
 *     m ← β₁ m + (1 - β₁) g
 *     v ← β₂ v + (1 - β₂) g²
 *     W ← keep · W - stepSize · m / (√v + ε)
 *
 * @param W The weight, `[m, n]`, like m and v; all three are consumed.
 * @param g The gradient of W, or of only those of its rows that `rows` lists.
 */
export function adam(
  ops: PrimitiveOps,
  W: Tensor,
  m: Tensor,
  v: Tensor,
  g: Tensor,
  { keep, stepSize, beta1, beta2, epsilon, rows }: AdamOptions,
): [W: Tensor, m: Tensor, v: Tensor] {
  const ofRows = (state: Tensor) => rows ? ops.gatherRows(state, rows) : state;
  const mean = ops.update(m, g, { keep: beta1, add: 1 - beta1, rows });
  const squares = ops.update(v, ops.multiply(g, g), { keep: beta2, add: 1 - beta2, rows });
  const step = ops.divideByRoot(ofRows(mean), ofRows(squares), epsilon);
  return [ops.update(W, step, { keep, add: -stepSize, rows }), mean, squares];
}
