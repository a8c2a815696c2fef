/**
 * The table of cells in ONNX.
 *
 * @module
 */
import type { CellName } from "../../network/cells/cells.ts";
import type { LayerWriter } from "./layer.ts";
import { layerNormLoop } from "./layer_norm_loop.ts";
import { operator } from "./operators.ts";

/** How the layers of each cell are written. */
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
  // A GRU without R. Its z says how much to keep, ours how much to take, and 1 - σ(a) = σ(-a).
  mingru: operator({
    op: "GRU",
    gates: [{ gate: 0, sign: -1 }, undefined, { gate: 1 }],
    activations: () => ({ names: ["Sigmoid", "Affine"], alpha: [1], beta: [0] }), // n as it is
    attributes: { linear_before_reset: 1 },
  }),
  lnlstm: layerNormLoop,
};
