/**
 * Inputs on the straight way from nothing to themselves.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Inputs } from "../network/inputs.ts";

/**
 * α x_t in place of x_t. As the way is straight, what is asked of the way back is no dL/dx_t, but its
 * part along the way, with P_t = x_t W:
 *
 *     Σ_k x_tk dL/dx_tk = x_t (dz_t Wᵀ)ᵀ = P_t dz_tᵀ
 *
 * So it does not matter what makes x, and one-hot words are never written out.
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

/** The sum of each row, `[rows, 1]`. */
function rowSums(ops: Ops, a: Tensor): Tensor {
  const { shape: [, columns] } = a;
  return ops.matmul(a, ops.tensor(new Float64Array(columns).fill(1), [columns, 1]));
}
