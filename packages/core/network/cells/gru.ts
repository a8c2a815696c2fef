/**
 * The gated recurrent unit of Cho et al. (2014), in the variant of PyTorch and cuDNN: the reset
 * gate is applied after the product with Whn.
 *
 * @module
 */
import type { Backend, GruTrace, Shape, Tensor } from "../../backend.ts";
import { fusedOr } from "../../ops/fused.ts";
import { type Cell, initialGradient, recurrentGradient, wordsOnly } from "./cell.ts";

/**
 *     r_t = σ(x_t Wxr + h_{t-1} Whr + b_r)                   reset gate: the past used in n_t
 *     z_t = σ(x_t Wxz + h_{t-1} Whz + b_z)                   update gate: the past to keep
 *     n_t = tanh(x_t Wxn + b_n + r_t ⊙ (h_{t-1} Whn + b_hn))   candidate state
 *     h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_{t-1}
 *
 * @param inputs x_t Wx + b for every step, the columns of r, z and n concatenated,
 *   `[timeSteps * batch, 3 * hidden]`.
 * @param h0 The state before the first word, `[batch, hidden]`.
 * @param Whh From a state to the next step's gates, `[hidden, 3 * hidden]`.
 * @param bhn The candidate's recurrent bias, inside the reset, `[1, hidden]`.
 */
export function gruForward(
  ops: Backend,
  inputs: Tensor,
  h0: Tensor,
  Whh: Tensor,
  bhn: Tensor,
): GruTrace {
  const [batch, hidden] = h0.shape;
  const timeSteps = inputs.shape[0] / batch;
  const states = [h0], gates: Tensor[] = [];
  for (let t = 0; t < timeSteps; t++) {
    const h = states[t];
    const x = ops.sliceRows(inputs, t * batch, (t + 1) * batch);
    const products = ops.matmul(h, Whh);
    const part = (a: Tensor, k: number) => ops.sliceColumns(a, k * hidden, (k + 1) * hidden);
    const r = ops.sigmoid(ops.add(part(x, 0), part(products, 0)));
    const z = ops.sigmoid(ops.add(part(x, 1), part(products, 1)));
    const q = ops.addRow(part(products, 2), bhn);
    const n = ops.tanh(ops.add(part(x, 2), ops.multiply(r, q)));
    states.push(ops.add(n, ops.multiply(z, ops.subtract(h, n)))); // (1 - z) n + z h
    gates.push(ops.concatColumns([r, z, n, q]));
  }
  return { states: ops.concatRows(states), gates: ops.concatRows(gates) };
}

/**
 * Backpropagation through time, from the last step to the first, where q_t = h_{t-1} Whn + b_hn and
 * z^r, z^z, z^n are the arguments of σ and tanh:
 *
 *     dL/dh_t   = dStates_t + z_{t+1} ⊙ dL/dh_{t+1} + [dL/dz^r, dL/dz^z, dL/dq]_{t+1} Whhᵀ
 *     dL/dz^n_t = (1 - z_t) ⊙ dL/dh_t ⊙ (1 - n_t²)
 *     dL/dz^z_t = (h_{t-1} - n_t) ⊙ dL/dh_t ⊙ z_t (1 - z_t)
 *     dL/dq_t   = r_t ⊙ dL/dz^n_t
 *     dL/dz^r_t = q_t ⊙ dL/dz^n_t ⊙ r_t (1 - r_t)
 *
 * @param dStates The part of the loss gradient that reaches h_0 to h_n directly.
 * @returns dInputs = [dL/dz^r, dL/dz^z, dL/dz^n] and dRecurrent = [dL/dz^r, dL/dz^z, dL/dq] of
 *   every step, `[timeSteps * batch, 3 * hidden]`, and dCarry = z_1 ⊙ dL/dh_1.
 */
export function gruBackward(
  ops: Backend,
  dStates: Tensor,
  { states, gates }: GruTrace,
  Whh: Tensor,
  batch: number,
): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor } {
  const hidden = Whh.shape[0];
  const timeSteps = gates.shape[0] / batch;
  const dInputs: Tensor[] = [], dRecurrent: Tensor[] = [];
  let dNext = ops.zeros([batch, 3 * hidden]); // no gradient arrives from after the last step
  let dCarry = ops.zeros([batch, hidden]);
  for (let t = timeSteps; t >= 1; t--) {
    const step = ops.sliceRows(gates, (t - 1) * batch, t * batch);
    const [r, z, n, q] = [0, 1, 2, 3].map((k) =>
      ops.sliceColumns(step, k * hidden, (k + 1) * hidden)
    );
    const h = ops.sliceRows(states, (t - 1) * batch, t * batch);
    const dh = ops.add(
      ops.add(ops.matmul(dNext, Whh, { transposeB: true }), dCarry),
      dStates,
      t,
    );
    dCarry = ops.multiply(dh, z);
    const dn = ops.multiply(ops.subtract(dh, dCarry), ops.tanhDerivative(n)); // (1 - z) dh ⊙ …
    const dz = ops.multiply(ops.multiply(dh, ops.subtract(h, n)), ops.sigmoidDerivative(z));
    const dr = ops.multiply(ops.multiply(dn, q), ops.sigmoidDerivative(r));
    dNext = ops.concatColumns([dr, dz, ops.multiply(dn, r)]);
    dInputs[t - 1] = ops.concatColumns([dr, dz, dn]);
    dRecurrent[t - 1] = dNext;
  }
  return { dInputs: ops.concatRows(dInputs), dRecurrent: ops.concatRows(dRecurrent), dCarry };
}

/** The cell of networks with `cell: "gru"`. */
export const gru: Cell = {
  title: "gated recurrent unit",
  gates: ["r", "z", "n"],
  traced: ["r", "z", "n"], // followed by h_{t-1} Whn + b_hn
  activations: ["tanh"],
  hasCellState: false,
  torch: "GRU",
  recurrentShapes: (hidden): Record<string, Shape> => ({
    Whh: [hidden, 3 * hidden],
    bhn: [1, hidden],
  }),
  innerBias: { weight: "bhn", gate: 2 },
  forward: (ops, inputs, { h }, { Whh, bhn }, _, packing) =>
    fusedOr(ops, "gruForward", gruForward)(inputs, h, Whh, bhn, packing?.active),
  backward(ops, dStates, trace, { Whh }, batch, _, __, packing) {
    const backward = fusedOr(ops, "gruBackward", gruBackward);
    const { dInputs, dRecurrent, dCarry } = backward(
      dStates,
      trace as GruTrace,
      Whh,
      batch,
      packing?.active,
    );
    const hidden = Whh.shape[0];
    const dp = wordsOnly(ops, dRecurrent, packing);
    const dInitial = initialGradient(ops, dRecurrent, Whh, batch);
    if (packing) ops.dispose([dRecurrent]); // a gradient of all steps is large
    return {
      dInputs,
      weights: {
        Whh: recurrentGradient(ops, trace.states, dp, packing),
        bhn: ops.sumRows(ops.sliceColumns(dp, 2 * hidden, 3 * hidden)), // Σ_t dL/dq_t
      },
      dInitial: () => ({ h: ops.add(dInitial(), dCarry) }),
    };
  },
};
