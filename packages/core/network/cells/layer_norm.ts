/**
 * Layer normalization (Ba et al. 2016): scales each row to mean 0 and variance 1.
 *
 * @module
 */
import type { Backend, Normalized, Ops, Tensor } from "../../backend.ts";
import { fusedOr } from "../../ops/fused.ts";

/** Added to the variance so that quotients stay finite; the same value as in PyTorch. */
export const NORM_EPSILON = 1e-5;

/** Creates a tensor of ones. */
function ones(ops: Backend, rows: number, columns: number): Tensor {
  return ops.tensor(new Float32Array(rows * columns).fill(1), [rows, columns]);
}

/** Returns the mean of each row, repeated in every column. */
function rowMeans(ops: Backend, a: Tensor): Tensor {
  const n = a.shape[1];
  return ops.matmul(ops.matmul(a, ops.scale(ones(ops, n, 1), 1 / n)), ones(ops, 1, n));
}

/**
 *     x̂ = (x - mean(x)) r,  r = 1 / √(var(x) + ε)      of each row
 */
export function normalize(ops: Backend, x: Tensor): Normalized {
  const [m, n] = x.shape;
  const centered = ops.subtract(x, rowMeans(ops, x));
  const squares = ops.multiply(centered, centered);
  const variance = ops.matmul(squares, ops.scale(ones(ops, n, 1), 1 / n)); // [m, 1]
  const one = ones(ops, m, 1);
  const scales = ops.divideByRoot(one, ops.add(variance, ops.scale(one, NORM_EPSILON)), 0);
  return { values: ops.multiplyColumn(centered, scales), scales };
}

/**
 *     dL/dx = r (dx̂ - mean(dx̂) - x̂ mean(dx̂ ⊙ x̂))      of each row
 */
export function normalizeBackward(
  ops: Backend,
  dValues: Tensor,
  { values, scales }: Normalized,
): Tensor {
  const along = ops.multiply(values, rowMeans(ops, ops.multiply(dValues, values)));
  const across = ops.subtract(dValues, rowMeans(ops, dValues));
  return ops.multiplyColumn(ops.subtract(across, along), scales);
}

/** Multiplies each row of `a` by the gains, a `[1, n]` tensor. */
export function timesRow(ops: Backend, a: Tensor, gain: Tensor): Tensor {
  return ops.multiply(a, ops.matmul(ones(ops, a.shape[0], 1), gain));
}

/** Normalizes each row, by the backend's fused op if it has one. */
export function normalizedRows(ops: Ops, x: Tensor): Normalized {
  return fusedOr(ops, "normalize", normalize)(x);
}

/** Returns the gradient of the rows that {@linkcode normalizedRows} was given. */
export function normalizedRowsBackward(ops: Ops, dValues: Tensor, norm: Normalized): Tensor {
  return fusedOr(ops, "normalizeBackward", normalizeBackward)(dValues, norm);
}
