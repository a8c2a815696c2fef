/**
 * The table of ONNX layer writers, one for each cell.
 *
 * @module
 */
import type { CellName } from "../../network/cells/cells.ts";
import type { LayerWriter } from "./layer.ts";
import { layerNormLoop } from "./layer_norm_loop.ts";
import { operator } from "./operators.ts";

/** The layer writer of each cell. */
export const CELL_WRITERS: Record<CellName, LayerWriter> = {
  rnn: operator({
    op: "RNN",
    gates: [{ gate: 0 }],
    activations: ({ activation }) => ({ names: [{ tanh: "Tanh", relu: "Relu" }[activation]] }),
  }),
  lstm: operator({
    op: "LSTM",
    gates: [{ gate: 0 }, { gate: 3 }, { gate: 1 }, { gate: 2 }], // i, o, f, g
    activations: () => ({ names: ["Sigmoid", "Tanh", "Tanh"] }),
  }),
  gru: operator({
    op: "GRU",
    gates: [{ gate: 1 }, { gate: 0 }, { gate: 2 }], // z, r, n
    activations: () => ({ names: ["Sigmoid", "Tanh"] }),
    attributes: { linear_before_reset: 1 },
  }),
  // A GRU without R. ONNX's z is the fraction to keep, ours the one to replace: 1 - σ(a) = σ(-a).
  mingru: operator({
    op: "GRU",
    gates: [{ gate: 0, sign: -1 }, undefined, { gate: 1 }],
    activations: () => ({ names: ["Sigmoid", "Affine"], alpha: [1], beta: [0] }), // n is linear
    attributes: { linear_before_reset: 1 },
  }),
  lnlstm: layerNormLoop,
};
