/**
 * A layer: a cell that reads from left to right and, in a bidirectional network, a second one that
 * reads each sentence from its end.
 *
 * @module
 */
import type { Indices, Normalized, Ops, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import { type CellGradients, type State, type Trace, wordsOnly } from "./cells/cell.ts";
import { cellOf } from "./cells/cells.ts";
import { normalizedRows, normalizedRowsBackward, timesRow } from "./cells/layer_norm.ts";
import type { NetworkConfig } from "./config.ts";
import type { Inputs } from "./inputs.ts";
import { cellWeights, directions, suffix } from "./shapes.ts";
import type { Weights } from "./weights.ts";

/** What a layer's forward pass keeps for its backward pass. */
export interface LayerPass {
  /** The layer's inputs. */
  inputs: Inputs;
  /** One trace per direction. The second one's steps count from each sentence's end. */
  traces: Trace[];
  /** One normalization per direction, if the cell normalizes x_t Wxh. */
  norms: Normalized[];
}

/**
 * Computes all states of a layer: z = x Wxh + b_h for every step at once, then the recurrence.
 *
 * @param initial The states before the first word, one per direction. Default: zeros.
 */
export function layerForward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  layer: number,
  inputs: Inputs,
  batch: Batch,
  initial?: readonly State[],
): LayerPass {
  const cell = cellOf(config.cell), { inputGain } = cell;
  const norms: Normalized[] = [];
  const traces = directions(config).map((reverse, direction) => {
    const w = cellWeights(config, weights, suffix(layer, reverse));
    let products = inputs.project(ops, w.Wxh); // x_t Wxh
    if (reverse) products = ops.gatherRows(products, batch.mirror!);
    const first = initial?.[direction] ?? { h: ops.zeros([batch.size, config.hidden]) };
    if (inputGain) {
      norms[direction] = normalizedRows(ops, products); // LN(x_t Wxh)
      products = timesRow(ops, norms[direction].values, w[inputGain]);
    }
    const z = ops.addRow(products, w.bh); // x_t Wxh + b_h; the cell adds h_{t-1} Whh
    const { packing } = batch;
    if (!packing) return cell.forward(ops, z, first, w, config.activation);
    const before = reordered(ops, first, packing.order);
    const spread = ops.gatherRows(z, packing.words);
    ops.dispose([products, z]);
    const trace = cell.forward(ops, spread, before, w, config.activation, packing);
    if (trace.gates !== spread && trace.states !== spread) ops.dispose([spread]); // large
    return trace;
  });
  return { inputs, traces, norms };
}

/** Returns h_1 to h_n of each direction, in the order of the words. */
export function directionOutputs(ops: Ops, { traces }: LayerPass, batch: Batch): Tensor[] {
  return traces.map(({ states }, direction) => {
    const h = batch.packing
      ? ops.gatherRows(states, batch.packing.after)
      : ops.sliceRows(states, batch.size, states.shape[0]);
    return direction === 0 ? h : ops.gatherRows(h, batch.mirror!);
  });
}

/** Returns h_1 to h_n of both directions, concatenated, in the order of the words. */
export function layerOutputs(ops: Ops, pass: LayerPass, batch: Batch): Tensor {
  const outputs = directionOutputs(ops, pass, batch);
  return outputs.length === 1 ? outputs[0] : ops.concatColumns(outputs);
}

/** The gradients that a layer's backward pass returns. */
export interface LayerGradients {
  /** Gradients of its weights, by name. */
  weights: Weights<Tensor>;
  /** The gradient of its inputs; absent if they need none. */
  dInputs?: Tensor;
  /** The gradients of each direction's cell. */
  cells: CellGradients[];
  /** The gradients that reach h_0 to h_n of each direction from above, and c_0 to c_n if any do. */
  reached: { h: Tensor; c?: Tensor }[];
}

/** The gradients that reach a layer from above. */
export interface LayerOutputGradients {
  /** The gradient of its outputs, `[timeSteps * batch, width]`. */
  dOutputs?: Tensor;
  /** The gradients of each direction's state after the whole sentence. */
  dFinal?: readonly (State | undefined)[];
}

/**
 * The backward pass of a layer. With dz_t the gradient of z_t = x_t Wxh + h_{t-1} Whh + b_h:
 *
 *     dWxh = Σ_t x_tᵀ dz_t
 *     dWhh = Σ_t h_{t-1}ᵀ dz_t
 *     db_h = Σ_t dz_t
 *     dx_t = dz_t Wxhᵀ
 */
export function layerBackward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  layer: number,
  { inputs, traces, norms }: LayerPass,
  above: LayerOutputGradients,
  batch: Batch,
): LayerGradients {
  const cell = cellOf(config.cell);
  const result: LayerGradients = { weights: {}, cells: [], reached: [] };
  for (const [direction, reverse] of directions(config).entries()) {
    const trace = traces[direction];
    const end = suffix(layer, reverse);
    const w = cellWeights(config, weights, end);
    const dStates = stateGradients(ops, config, trace, above, direction, batch);
    const dCell = above.dFinal?.[direction]?.c;
    const dCells = dCell && ops.scatterRows(dCell, batch.last);
    result.reached.push({ h: dStates, c: dCells });
    const gradients = cell.backward(
      ops,
      dStates,
      trace,
      w,
      batch.size,
      config.activation,
      dCells,
      batch.packing,
    );
    result.cells.push(inOrder(ops, gradients, batch));
    const { weights: { Whh: dWhh, ...others } } = gradients;
    const dInputs = wordsOnly(ops, gradients.dInputs, batch.packing);
    if (batch.packing) { // tensors with a row for every step are large, and no longer needed
      const { states, gates = states, cells = states } = trace;
      ops.dispose([gradients.dInputs, dStates, states, gates, cells]);
    }
    const dProducts = cell.inputGain
      ? normalizedRowsBackward(
        ops,
        timesRow(ops, dInputs, w[cell.inputGain]),
        norms[direction],
      )
      : dInputs;
    const dz = reverse ? ops.gatherRows(dProducts, batch.mirror!) : dProducts; // in x_t's order
    result.weights["Wxh" + end] = inputs.gradient(ops, dz); // dWxh = Σ_t x_tᵀ dz_t
    if (dWhh) result.weights["Whh" + end] = dWhh; // dWhh = Σ_t h_{t-1}ᵀ dz_t, from the cell
    result.weights["bh" + end] = ops.sumRows(dInputs); // db_h = Σ_t dz_t
    if (cell.inputGain) { // dg = Σ_t dz_t ⊙ LN(x_t Wxh)
      result.weights[cell.inputGain + end] = ops.sumRows(
        ops.multiply(dInputs, norms[direction].values),
      );
    }
    for (const [name, values] of Object.entries(others)) result.weights[name + end] = values;
    const dx = inputs.backward?.(ops, dz, w.Wxh); // dx_t = dz_t Wxhᵀ
    if (dx) result.dInputs = result.dInputs ? ops.add(result.dInputs, dx) : dx;
  }
  return result;
}

/** Returns a state with its sentences in another order. */
function reordered(ops: Ops, { h, c }: State, order: Indices): State {
  return { h: ops.gatherRows(h, order), ...(c ? { c: ops.gatherRows(c, order) } : {}) };
}

/** Returns a cell's gradients with the initial state's sentences back in their original order. */
function inOrder(ops: Ops, gradients: CellGradients, { packing }: Batch): CellGradients {
  if (!packing) return gradients;
  const dInitial = () => reordered(ops, gradients.dInitial(), packing.orderBack);
  return { ...gradients, dInitial };
}

/** Returns the part of the loss gradient that reaches a direction's h_0 to h_n from above. */
function stateGradients(
  ops: Ops,
  config: NetworkConfig,
  { states }: Trace,
  { dOutputs, dFinal }: LayerOutputGradients,
  direction: number,
  batch: Batch,
): Tensor {
  const { hidden } = config;
  const dOut = dOutputs && config.bidirectional
    ? ops.sliceColumns(dOutputs, direction * hidden, (direction + 1) * hidden)
    : dOutputs;
  const dLast = dFinal?.[direction];
  const parts: Tensor[] = [];
  if (dOut) {
    const inOrder = direction === 0 ? dOut : ops.gatherRows(dOut, batch.mirror!);
    const nothing = () => ops.zeros([batch.size, hidden]); // no gradient reaches h_0 directly
    parts.push(
      batch.packing
        ? ops.scatterRows(inOrder, batch.packing.after)
        : ops.concatRows([nothing(), inOrder]),
    );
  }
  if (dLast) parts.push(ops.scatterRows(dLast.h, batch.last));
  if (parts.length === 0) return ops.zeros(states.shape);
  return parts.reduce((sum, part) => ops.add(sum, part));
}
