/**
 * The long short-term memory of Hochreiter and Schmidhuber (1997) with the forget gate of Gers et
 * al. (2000), in the variant of PyTorch and cuDNN.
 *
 * @module
 */
import type { Backend, LstmTrace, Shape, Tensor } from "../../backend.ts";
import { fusedOr } from "../../ops/fused.ts";
import { type Cell, initialGradient, recurrentGradient, wordsOnly } from "./cell.ts";

/**
 *     i_t = σ(x_t Wxi + h_{t-1} Whi + b_i)        input gate: what to add
 *     f_t = σ(x_t Wxf + h_{t-1} Whf + b_f)        forget gate: what to keep
 *     g_t = tanh(x_t Wxg + h_{t-1} Whg + b_g)     candidate: what could be added
 *     o_t = σ(x_t Wxo + h_{t-1} Who + b_o)        output gate: what to output
 *     c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t
 *     h_t = o_t ⊙ tanh(c_t)
 *
 * @param inputs x_t Wx + b for every step, the columns of i, f, g and o concatenated,
 *   `[timeSteps * batch, 4 * hidden]`.
 * @param h0 The state before the first word, `[batch, hidden]`.
 * @param c0 The cell state before the first word, `[batch, hidden]`.
 * @param Whh From a state to the next step's gates, `[hidden, 4 * hidden]`.
 */
export function lstmForward(
  ops: Backend,
  inputs: Tensor,
  h0: Tensor,
  c0: Tensor,
  Whh: Tensor,
): LstmTrace {
  const [batch, hidden] = h0.shape;
  const timeSteps = inputs.shape[0] / batch;
  const states = [h0], cells = [c0], gates: Tensor[] = [];
  for (let t = 0; t < timeSteps; t++) {
    const z = ops.add(ops.matmul(states[t], Whh), inputs, t);
    const gate = (k: number) => ops.sliceColumns(z, k * hidden, (k + 1) * hidden);
    const i = ops.sigmoid(gate(0)), f = ops.sigmoid(gate(1));
    const g = ops.tanh(gate(2)), o = ops.sigmoid(gate(3));
    const c = ops.add(ops.multiply(f, cells[t]), ops.multiply(i, g));
    states.push(ops.multiply(o, ops.tanh(c)));
    cells.push(c);
    gates.push(ops.concatColumns([i, f, g, o]));
  }
  return {
    states: ops.concatRows(states),
    cells: ops.concatRows(cells),
    gates: ops.concatRows(gates),
  };
}

/**
 * Backpropagation through time, from the last step to the first, where z is the argument of σ or
 * tanh:
 *
 *     dL/dh_t = dStates_t + dL/dz_{t+1} Whhᵀ
 *     dL/dc_t = dCells_t + f_{t+1} ⊙ dL/dc_{t+1} + o_t ⊙ (1 - tanh²(c_t)) ⊙ dL/dh_t
 *     dL/dz_t = [g_t ⊙ dL/dc_t ⊙ i_t (1 - i_t),
 *                c_{t-1} ⊙ dL/dc_t ⊙ f_t (1 - f_t),
 *                i_t ⊙ dL/dc_t ⊙ (1 - g_t²),
 *                tanh(c_t) ⊙ dL/dh_t ⊙ o_t (1 - o_t)]
 *
 * @param dStates The part of the loss gradient that reaches h_0 to h_n directly.
 * @param dCells The part that reaches c_0 to c_n directly. Default: none.
 * @returns dL/dz_1 to dL/dz_n, `[timeSteps * batch, 4 * hidden]`, and dL/dc_0.
 */
export function lstmBackward(
  ops: Backend,
  dStates: Tensor,
  { cells, gates }: LstmTrace,
  Whh: Tensor,
  batch: number,
  dCells?: Tensor,
): { dInputs: Tensor; dc0: Tensor } {
  const hidden = Whh.shape[0];
  const timeSteps = gates.shape[0] / batch;
  const dz: Tensor[] = [];
  let dzNext = ops.zeros([batch, 4 * hidden]); // no gradient arrives from after the last step
  let dcNext = ops.zeros([batch, hidden]); // f_{t+1} ⊙ dL/dc_{t+1}
  for (let t = timeSteps; t >= 1; t--) {
    const step = ops.sliceRows(gates, (t - 1) * batch, t * batch);
    const [i, f, g, o] = [0, 1, 2, 3].map((k) =>
      ops.sliceColumns(step, k * hidden, (k + 1) * hidden)
    );
    const c = ops.tanh(ops.sliceRows(cells, t * batch, (t + 1) * batch));
    const dh = ops.add(ops.matmul(dzNext, Whh, { transposeB: true }), dStates, t);
    const dc = ops.add(
      dCells ? ops.add(dcNext, dCells, t) : dcNext,
      ops.multiply(ops.multiply(dh, o), ops.tanhDerivative(c)),
    );
    dzNext = ops.concatColumns([
      ops.multiply(ops.multiply(dc, g), ops.sigmoidDerivative(i)),
      ops.multiply(ops.multiply(dc, ops.sigmoidDerivative(f)), cells, t - 1),
      ops.multiply(ops.multiply(dc, i), ops.tanhDerivative(g)),
      ops.multiply(ops.multiply(dh, c), ops.sigmoidDerivative(o)),
    ]);
    dz[t - 1] = dzNext;
    dcNext = ops.multiply(dc, f);
  }
  return { dInputs: ops.concatRows(dz), dc0: dcNext };
}

/** The cell of networks with `cell: "lstm"`. */
export const lstm: Cell = {
  title: "long short-term memory",
  gates: ["i", "f", "g", "o"],
  traced: ["i", "f", "g", "o"],
  activations: ["tanh"],
  hasCellState: true,
  torch: "LSTM",
  recurrentShapes: (hidden): Record<string, Shape> => ({ Whh: [hidden, 4 * hidden] }),
  // The forget gate starts open, so that gradients pass through time (Jozefowicz et al. 2015).
  startBias: { gate: 1, value: 1 },
  forward(ops, inputs, { h, c = ops.zeros(h.shape) }, { Whh }, _, packing) {
    return fusedOr(ops, "lstmForward", lstmForward)(inputs, h, c, Whh, packing?.active);
  },
  backward(ops, dStates, trace, { Whh }, batch, _, dCells, packing) {
    const backward = fusedOr(ops, "lstmBackward", lstmBackward);
    const { dInputs, dc0 } = backward(
      dStates,
      trace as LstmTrace,
      Whh,
      batch,
      dCells,
      packing?.active,
    );
    const dInitial = initialGradient(ops, dInputs, Whh, batch);
    return {
      dInputs,
      weights: {
        Whh: recurrentGradient(ops, trace.states, wordsOnly(ops, dInputs, packing), packing),
      },
      dInitial: () => ({ h: dInitial(), c: dc0 }),
    };
  },
};
