/**
 * Cells that ONNX has an operator for: `RNN`, `LSTM` and `GRU`.
 *
 * @see https://onnx.ai/onnx/operators/onnx__GRU.html
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { cellOf } from "../../network/cells/cells.ts";
import type { NetworkConfig } from "../../network/config.ts";
import type { Weights } from "../../network/weights.ts";
import type { LayerSpec, LayerWriter } from "./layer.ts";
import type { Attribute } from "./messages.ts";

/** How a cell maps to an ONNX operator. */
export interface OperatorForm {
  /** The name of the operator. */
  op: "RNN" | "LSTM" | "GRU";
  /**
   * For each of the operator's gates, the index of the cell's gate, with `sign` -1 if its weights
   * are negated; undefined for a gate that the cell lacks, whose weights are zeros.
   */
  gates: readonly ({ gate: number; sign?: -1 } | undefined)[];
  /** Returns the operator's activation functions, which are repeated for each direction. */
  activations(config: NetworkConfig): {
    names: readonly string[];
    alpha?: readonly number[];
    beta?: readonly number[];
  };
  /** Further attributes of the operator. Default: none. */
  attributes?: Readonly<Record<string, Attribute>>;
}

/** Transposes each gate's block of `hidden` columns into rows, in the operator's gate order. */
function blocks(
  data: FloatArray | undefined,
  { gates }: OperatorForm,
  rows: number,
  hidden: number,
  ours: number,
): Float32Array {
  const result = new Float32Array(gates.length * hidden * rows);
  if (!data) return result;
  for (const [k, from] of gates.entries()) {
    if (!from) continue;
    const { gate, sign = 1 } = from;
    for (let unit = 0; unit < hidden; unit++) {
      const to = (k * hidden + unit) * rows, column = gate * hidden + unit;
      for (let i = 0; i < rows; i++) result[to + i] = sign * data[i * ours * hidden + column];
    }
  }
  return result;
}

function concatenated(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Returns an operator's two biases: b_h of the inputs, and the bias inside the recurrence. */
function biases(form: OperatorForm, config: NetworkConfig, cell: Weights<FloatArray>) {
  const { hidden } = config, { gates: { length: ours }, innerBias } = cellOf(config.cell);
  const inner = new Float32Array(ours * hidden);
  if (innerBias) inner.set(cell[innerBias.weight], innerBias.gate * hidden);
  return [cell.bh, inner].map((bias) => blocks(bias, form, 1, hidden, ours));
}

/** Returns a writer that adds a layer as a single operator. */
export function operator(form: OperatorForm): LayerWriter {
  return (graph, { name, config, cells, x, lengths, initial }: LayerSpec) => {
    const { hidden } = config, { gates: { length: ours }, hasCellState } = cellOf(config.cell);
    const directions = cells.length, rows = form.gates.length * hidden;
    const width = cells[0].Wxh.length / (ours * hidden);
    const all = (make: (cell: Weights<FloatArray>) => Float32Array) => () =>
      concatenated(cells.map(make));
    const W = graph.weight(
      `${name}.W`,
      [directions, rows, width],
      all(({ Wxh }) => blocks(Wxh, form, width, hidden, ours)),
    );
    const R = graph.weight(
      `${name}.R`,
      [directions, rows, hidden],
      all(({ Whh }) => blocks(Whh, form, hidden, hidden, ours)),
    );
    const B = graph.weight(
      `${name}.B`,
      [directions, 2 * rows],
      all((cell) => concatenated(biases(form, config, cell))),
    );
    const { names, alpha, beta } = form.activations(config);
    const each = <T>(some: readonly T[]) => cells.flatMap(() => some);
    const [outputs, h, c] = graph.nodes(
      form.op,
      [x, W, R, B, lengths, initial?.h, ...(hasCellState ? [initial?.c] : [])],
      name,
      [".states", ".h", ...(hasCellState ? [".c"] : [])],
      {
        hidden_size: hidden,
        direction: directions === 2 ? "bidirectional" : "forward",
        activations: each(names),
        ...(alpha ? { activation_alpha: { floats: each(alpha) } } : {}),
        ...(beta ? { activation_beta: { floats: each(beta) } } : {}),
        ...form.attributes,
      },
    );
    return { outputs, h, ...(hasCellState ? { c } : {}) };
  };
}
