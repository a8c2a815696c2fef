/**
 * Inputs on the straight path from zero to their full values.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Inputs } from "../network/inputs.ts";

/**
 * Returns inputs α x_t in place of x_t. Because the path is straight, the backward pass needs only
 * the part of dL/dx_t along the path, with P_t = x_t W:
 *
 *     Σ_k x_tk dL/dx_tk = x_t (dz_t Wᵀ)ᵀ = P_t dz_tᵀ
 *
 * So this works for any kind of input x, and one-hot vectors are never materialized.
 *
 * @param alphas α of each row, `[timeSteps * batch, 1]`.
 */
export function scaledInputs(inputs: Inputs, alphas: Tensor): Required<Inputs> {
  return {
    project: (ops, W) => ops.multiplyColumn(inputs.project(ops, W), alphas), // α x_t W
    gradient: (ops) => ops.zeros([1, 1]), // nothing is trained
    backward: (ops, dz, W) => rowSums(ops, ops.multiply(inputs.project(ops, W), dz)), // P_t dz_tᵀ
  };
}

/** Computes the sum of each row, `[rows, 1]`. */
function rowSums(ops: Ops, a: Tensor): Tensor {
  const { shape: [, columns] } = a;
  return ops.matmul(a, ops.tensor(new Float64Array(columns).fill(1), [columns, 1]));
}
