/**
 * The layer-normalized LSTM of Ba et al. (2016), "Layer Normalization": an LSTM that normalizes the
 * input's product, the state's product, and the cell state before it is output, each over its
 * units.
 *
 * @module
 */
import type { Backend, NormLstmTrace, NormLstmWeights, Shape, Tensor } from "../../backend.ts";
import { fusedOr } from "../../ops/fused.ts";
import { type Cell, initialGradient, recurrentGradient, type Trace, wordsOnly } from "./cell.ts";
import { normalize, normalizeBackward, timesRow } from "./layer_norm.ts";

/**
 *     a_t = LN(x_t Wxh) ⊙ g_x + b_h + LN(h_{t-1} Whh) ⊙ g_h     the columns of i, f, g and o
 *     i_t, f_t, o_t = σ(a_t)
 *     g_t = tanh(a_t)
 *     c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t
 *     s_t = tanh(LN(c_t) ⊙ g_c + b_c)                             the cell state, squashed
 *     h_t = o_t ⊙ s_t
 *
 * LN scales each row, over all its columns at once, to mean 0 and variance 1.
 *
 * @param inputs LN(x_t Wxh) ⊙ g_x + b_h for every step, the columns of i, f, g and o concatenated,
 *   `[timeSteps * batch, 4 * hidden]`.
 * @param h0 The state before the first word, `[batch, hidden]`.
 * @param c0 The cell state before the first word, `[batch, hidden]`.
 */
export function normLstmForward(
  ops: Backend,
  inputs: Tensor,
  h0: Tensor,
  c0: Tensor,
  { Whh, gh, gc, bc }: NormLstmWeights,
): NormLstmTrace {
  const [batch, hidden] = h0.shape;
  const timeSteps = inputs.shape[0] / batch;
  const states = [h0], cells = [c0];
  const gates: Tensor[] = [], products: Tensor[] = [], scales: Tensor[] = [];
  for (let t = 0; t < timeSteps; t++) {
    const p = normalize(ops, ops.matmul(states[t], Whh)); // LN(h_{t-1} Whh)
    const a = ops.add(timesRow(ops, p.values, gh), inputs, t);
    const gate = (k: number) => ops.sliceColumns(a, k * hidden, (k + 1) * hidden);
    const i = ops.sigmoid(gate(0)), f = ops.sigmoid(gate(1));
    const g = ops.tanh(gate(2)), o = ops.sigmoid(gate(3));
    const c = ops.add(ops.multiply(f, cells[t]), ops.multiply(i, g));
    const shown = normalize(ops, c); // LN(c_t)
    const s = ops.tanh(ops.addRow(timesRow(ops, shown.values, gc), bc));
    states.push(ops.multiply(o, s));
    cells.push(c);
    gates.push(ops.concatColumns([i, f, g, o, s, shown.values]));
    products.push(p.values);
    scales.push(ops.concatColumns([p.scales, shown.scales]));
  }
  return {
    states: ops.concatRows(states),
    cells: ops.concatRows(cells),
    gates: ops.concatRows(gates),
    products: ops.concatRows(products),
    scales: ops.concatRows(scales),
  };
}

/**
 * Backpropagation through time, from the last step to the first, where p_t = h_{t-1} Whh,
 * y_t = LN(c_t) ⊙ g_c + b_c, and LNᵀ is the gradient through LN, see `normalizeBackward`:
 *
 *     dL/dh_t = dStates_t + dL/dp_{t+1} Whhᵀ
 *     dL/dy_t = o_t ⊙ dL/dh_t ⊙ (1 - s_t²)
 *     dL/dc_t = dCells_t + f_{t+1} ⊙ dL/dc_{t+1} + LNᵀ(dL/dy_t ⊙ g_c)
 *     dL/da_t = [g_t ⊙ dL/dc_t ⊙ i_t (1 - i_t),
 *                c_{t-1} ⊙ dL/dc_t ⊙ f_t (1 - f_t),
 *                i_t ⊙ dL/dc_t ⊙ (1 - g_t²),
 *                s_t ⊙ dL/dh_t ⊙ o_t (1 - o_t)]
 *     dL/dp_t = LNᵀ(dL/da_t ⊙ g_h)
 *
 * @param dStates The part of the loss gradient that reaches h_0 to h_n directly.
 * @param dCells The part that reaches c_0 to c_n directly. Default: none.
 * @returns dL/da, dL/dp and dL/dy of every step, and dL/dc_0.
 */
export function normLstmBackward(
  ops: Backend,
  dStates: Tensor,
  { cells, gates, products, scales }: NormLstmTrace,
  { Whh, gh, gc }: NormLstmWeights,
  batch: number,
  dCells?: Tensor,
): { dInputs: Tensor; dProducts: Tensor; dShown: Tensor; dc0: Tensor } {
  const hidden = Whh.shape[0];
  const timeSteps = gates.shape[0] / batch;
  const da: Tensor[] = [], dp: Tensor[] = [], dy: Tensor[] = [];
  let dpNext = ops.zeros([batch, 4 * hidden]); // no gradient arrives from after the last step
  let dcNext = ops.zeros([batch, hidden]); // f_{t+1} ⊙ dL/dc_{t+1}
  for (let t = timeSteps; t >= 1; t--) {
    const at = (a: Tensor) => ops.sliceRows(a, (t - 1) * batch, t * batch);
    const step = at(gates), scale = at(scales);
    const [i, f, g, o, s, normal] = [0, 1, 2, 3, 4, 5].map((k) =>
      ops.sliceColumns(step, k * hidden, (k + 1) * hidden)
    );
    const dh = ops.add(ops.matmul(dpNext, Whh, { transposeB: true }), dStates, t);
    const dShown = ops.multiply(ops.multiply(dh, o), ops.tanhDerivative(s));
    const shown = { values: normal, scales: ops.sliceColumns(scale, 1, 2) };
    const dc = ops.add(
      dCells ? ops.add(dcNext, dCells, t) : dcNext,
      normalizeBackward(ops, timesRow(ops, dShown, gc), shown),
    );
    const dGates = ops.concatColumns([
      ops.multiply(ops.multiply(dc, g), ops.sigmoidDerivative(i)),
      ops.multiply(ops.multiply(dc, ops.sigmoidDerivative(f)), cells, t - 1),
      ops.multiply(ops.multiply(dc, i), ops.tanhDerivative(g)),
      ops.multiply(ops.multiply(dh, s), ops.sigmoidDerivative(o)),
    ]);
    const p = { values: at(products), scales: ops.sliceColumns(scale, 0, 1) };
    dpNext = normalizeBackward(ops, timesRow(ops, dGates, gh), p);
    dcNext = ops.multiply(dc, f);
    [da[t - 1], dp[t - 1], dy[t - 1]] = [dGates, dpNext, dShown];
  }
  return {
    dInputs: ops.concatRows(da),
    dProducts: ops.concatRows(dp),
    dShown: ops.concatRows(dy),
    dc0: dcNext,
  };
}

/** The cell of networks with `cell: "lnlstm"`. */
export const layerNormLstm: Cell = {
  title: "layer-normalized long short-term memory",
  gates: ["i", "f", "g", "o"],
  traced: ["i", "f", "g", "o", "s"], // followed by LN(c_t)
  activations: ["tanh"],
  hasCellState: true,
  recurrentShapes: (hidden): Record<string, Shape> => ({
    Whh: [hidden, 4 * hidden],
    gx: [1, 4 * hidden],
    gh: [1, 4 * hidden],
    gc: [1, hidden],
    bc: [1, hidden],
  }),
  inputGain: "gx",
  norms: {
    layernorm_ih: { gain: "gx", bias: "bh" },
    layernorm_hh: { gain: "gh" }, // its sum already has b_h
    layernorm_cell: { gain: "gc", bias: "bc" },
  },
  starts: { gx: 1, gh: 1, gc: 1, bc: 0 },
  startBias: { gate: 1, value: 1 }, // the forget gate's, as in the LSTM
  forward(ops, inputs, { h, c = ops.zeros(h.shape) }, weights, _, packing) {
    const forward = fusedOr(ops, "normLstmForward", normLstmForward);
    return forward(inputs, h, c, weights as unknown as NormLstmWeights, packing?.active);
  },
  backward(ops, dStates, trace, weights, batch, _, dCells, packing) {
    const own = trace as Trace & NormLstmTrace;
    const backward = fusedOr(ops, "normLstmBackward", normLstmBackward);
    const { dInputs, dProducts, dShown, dc0 } = backward(
      dStates,
      own,
      weights as unknown as NormLstmWeights,
      batch,
      dCells,
      packing?.active,
    );
    const { Whh } = weights, hidden = Whh.shape[0];
    const words = (a: Tensor) => wordsOnly(ops, a, packing);
    const normal = ops.sliceColumns(own.gates, 5 * hidden, 6 * hidden); // LN(c_t)
    const dy = words(dShown), dInitial = initialGradient(ops, dProducts, Whh, batch);
    return {
      dInputs,
      weights: {
        Whh: recurrentGradient(ops, own.states, words(dProducts), packing),
        gh: ops.sumRows(ops.multiply(words(dInputs), words(own.products))), // Σ_t dL/da_t ⊙ LN(p_t)
        gc: ops.sumRows(ops.multiply(dy, words(normal))), // Σ_t dL/dy_t ⊙ LN(c_t)
        bc: ops.sumRows(dy), // Σ_t dL/dy_t
      },
      dInitial: () => ({ h: dInitial(), c: dc0 }),
    };
  },
};
