/**
 * minGRU of Feng et al. (2024), "Were RNNs All We Needed?": a GRU whose gates read only the input.
 * There is no product with the state, hence no Whh, and all gates are computed at once.
 *
 * @module
 */
import type { Backend, Shape, Tensor } from "../../backend.ts";
import type { Cell, Trace } from "./cell.ts";

/**
 *     z_t = σ(x_t Wxz + b_z)                 update gate: how much of n_t to use
 *     n_t = x_t Wxn + b_n                    candidate state, h̃_t in the paper
 *     h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ n_t
 *
 * @param inputs x_t Wx + b for every step, the columns of z and n concatenated,
 *   `[timeSteps * batch, 2 * hidden]`.
 * @param h0 The state before the first step, `[batch, hidden]`.
 */
export function minGruForward(
  ops: Backend,
  inputs: Tensor,
  h0: Tensor,
): Required<Omit<Trace, "cells">> {
  const [batch, hidden] = h0.shape;
  const timeSteps = inputs.shape[0] / batch;
  const z = ops.sigmoid(ops.sliceColumns(inputs, 0, hidden));
  const n = ops.sliceColumns(inputs, hidden, 2 * hidden);
  const states = [h0];
  for (let t = 0; t < timeSteps; t++) {
    const h = states[t];
    const zt = ops.sliceRows(z, t * batch, (t + 1) * batch);
    const nt = ops.sliceRows(n, t * batch, (t + 1) * batch);
    states.push(ops.add(h, ops.multiply(zt, ops.subtract(nt, h)))); // (1 - z) h + z n
  }
  return { states: ops.concatRows(states), gates: ops.concatColumns([z, n]) };
}

/**
 * Backpropagation through time, from the last step to the first, where a_t is the argument of σ:
 *
 *     dL/dh_t = dStates_t + (1 - z_{t+1}) ⊙ dL/dh_{t+1}
 *     dL/da_t = (n_t - h_{t-1}) ⊙ dL/dh_t ⊙ z_t (1 - z_t)
 *     dL/dn_t = z_t ⊙ dL/dh_t
 *
 * @param dStates The part of the loss gradient that reaches h_0 to h_n directly.
 * @returns dInputs = [dL/da, dL/dn] of every step, `[timeSteps * batch, 2 * hidden]`, and
 *   dCarry = (1 - z_1) ⊙ dL/dh_1, `[batch, hidden]`.
 */
export function minGruBackward(
  ops: Backend,
  dStates: Tensor,
  { states, gates }: Required<Omit<Trace, "cells">>,
  batch: number,
): { dInputs: Tensor; dCarry: Tensor } {
  const hidden = states.shape[1];
  const timeSteps = gates.shape[0] / batch;
  const z = ops.sliceColumns(gates, 0, hidden);
  const slopes = ops.sigmoidDerivative(z);
  const dInputs: Tensor[] = [];
  let dCarry = ops.zeros([batch, hidden]); // no gradient arrives from after the last step
  for (let t = timeSteps; t >= 1; t--) {
    const dh = ops.add(dCarry, dStates, t);
    const h = ops.sliceRows(states, (t - 1) * batch, t * batch);
    const nt = ops.sliceColumns(
      ops.sliceRows(gates, (t - 1) * batch, t * batch),
      hidden,
      2 * hidden,
    );
    const dn = ops.multiply(dh, z, t - 1);
    const da = ops.multiply(ops.multiply(dh, ops.subtract(nt, h)), slopes, t - 1);
    dCarry = ops.subtract(dh, dn); // (1 - z) dh
    dInputs[t - 1] = ops.concatColumns([da, dn]);
  }
  return { dInputs: ops.concatRows(dInputs), dCarry };
}

/** The cell of networks with `cell: "mingru"`. */
export const minGru: Cell = {
  title: "minimal gated recurrent unit",
  gates: ["z", "n"],
  traced: ["z", "n"],
  activations: ["tanh"],
  hasCellState: false,
  recurrentShapes: (): Record<string, Shape> => ({}),
  forward: (ops, inputs, { h }) => minGruForward(ops, inputs, h),
  backward(ops, dStates, { states, gates }, _, batch) {
    const { dInputs, dCarry } = minGruBackward(ops, dStates, { states, gates: gates! }, batch);
    return { dInputs, weights: {}, dInitial: () => ({ h: dCarry }) };
  },
};
