/**
 * The vanilla recurrent network of Elman (1990): its equations forward and backward through time.
 *
 * @module
 */
import type { Activation, Backend, Shape, Tensor } from "../../backend.ts";
import { fusedOr } from "../../ops/fused.ts";
import { type Cell, initialGradient, recurrentGradient, wordsOnly } from "./cell.ts";

/**
 * h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h), or relu instead of tanh.
 *
 * @param inputs x_t Wxh + b_h for every step, from one product, `[timeSteps * batch, hidden]`.
 * @param h0 The state before the first word, `[batch, hidden]`.
 * @param Whh From a state to the next, `[hidden, hidden]`.
 * @returns h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`.
 */
export function rnnForward(
  ops: Backend,
  inputs: Tensor,
  h0: Tensor,
  Whh: Tensor,
  activation: Activation,
): Tensor {
  const timeSteps = inputs.shape[0] / h0.shape[0];
  const states = [h0];
  for (let t = 0; t < timeSteps; t++) {
    const z = ops.add(ops.matmul(states[t], Whh), inputs, t); // h_{t-1} Whh + (x_t Wxh + b_h)
    states.push(ops[activation](z)); // h_t = tanh(z_t)
  }
  return ops.concatRows(states);
}

/**
 * Backpropagation through time, from the last step to the first:
 *
 *     dL/dh_t = dStates_t + dL/dz_{t+1} Whhᵀ
 *     dL/dz_t = (1 - h_t²) ⊙ dL/dh_t          for h_t = tanh(z_t)
 *
 * @param dStates The part of the loss gradient that reaches h_0 to h_n directly.
 * @param states h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`.
 * @returns dL/dz_1 to dL/dz_n, `[timeSteps * batch, hidden]`.
 */
export function rnnBackward(
  ops: Backend,
  dStates: Tensor,
  states: Tensor,
  Whh: Tensor,
  batch: number,
  activation: Activation,
): Tensor {
  const timeSteps = states.shape[0] / batch - 1;
  const slopes = activation === "tanh" ? ops.tanhDerivative(states) : ops.reluDerivative(states);
  const dz: Tensor[] = [];
  let dzNext = ops.zeros([batch, Whh.shape[0]]); // no gradient arrives from after the last step
  for (let t = timeSteps; t >= 1; t--) {
    const fromNext = ops.matmul(dzNext, Whh, { transposeB: true }); // dL/dz_{t+1} Whhᵀ
    const dh = ops.add(fromNext, dStates, t); // dL/dh_t
    dzNext = ops.multiply(dh, slopes, t); // dL/dz_t = (1 - h_t²) ⊙ dL/dh_t
    dz[t - 1] = dzNext;
  }
  return ops.concatRows(dz);
}

/** The cell of the article's network. */
export const rnn: Cell = {
  title: "vanilla recurrent network",
  gates: ["z"],
  traced: [],
  activations: ["tanh", "relu"],
  hasCellState: false,
  torch: "RNN",
  recurrentShapes: (hidden): Record<string, Shape> => ({ Whh: [hidden, hidden] }),
  forward: (ops, inputs, { h }, { Whh }, activation, packing) => ({
    states: fusedOr(ops, "rnnForward", rnnForward)(inputs, h, Whh, activation, packing?.active),
  }),
  backward(ops, dStates, { states }, { Whh }, batch, activation, _, packing) {
    const backward = fusedOr(ops, "rnnBackward", rnnBackward);
    const dz = backward(dStates, states, Whh, batch, activation, packing?.active);
    const dInitial = initialGradient(ops, dz, Whh, batch);
    return {
      dInputs: dz,
      weights: { // dWhh = Σ_t h_{t-1}ᵀ dz_t
        Whh: recurrentGradient(ops, states, wordsOnly(ops, dz, packing), packing),
      },
      dInitial: () => ({ h: dInitial() }),
    };
  },
};
