/**
 * A layer: a cell that reads from the left, and in a bidirectional network a second one that reads
 * each sentence from its own end.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import { type CellGradients, cellOf, type State, type Trace } from "./cells/cell.ts";
import { cellWeights, directions, type NetworkConfig, suffix, type Weights } from "./config.ts";
import type { Ops } from "../ops/checked_ops.ts";

/** What a layer's forward pass leaves for its backward pass. */
export interface LayerPass {
  /** One for each direction. The second's steps count from each sentence's end. */
  traces: Trace[];
}

/**
 * All states of a layer.
 *
 * @param x What it reads, `[timeSteps * batch, width]`; without, the words themselves.
 * @param initial The states before the first word, one for each direction; zeros without.
 */
export function layerForward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  layer: number,
  x: Tensor | undefined,
  batch: Batch,
  initial?: readonly State[],
): LayerPass {
  const cell = cellOf(config.cell, config.activation);
  const traces = directions(config).map((reverse, way) => {
    const w = cellWeights(weights, suffix(layer, reverse));
    let inputs = x ? ops.matmul(x, w.Wxh) : ops.gatherRows(w.Wxh, batch.words);
    if (reverse) inputs = ops.gatherRows(inputs, batch.mirror!);
    const before = initial?.[way] ?? { h: ops.zeros([batch.size, config.hidden]) };
    return cell.forward(ops, ops.addRow(inputs, w.bh), before, w);
  });
  return { traces };
}

/** h_1 to h_n of each direction, in the order of the words. */
export function directionOutputs(ops: Ops, { traces }: LayerPass, batch: Batch): Tensor[] {
  return traces.map(({ states }, way) => {
    const h = ops.sliceRows(states, batch.size, states.shape[0]);
    return way === 0 ? h : ops.gatherRows(h, batch.mirror!);
  });
}

/** h_1 to h_n of both directions side by side, in the order of the words. */
export function layerOutputs(ops: Ops, pass: LayerPass, batch: Batch): Tensor {
  const outputs = directionOutputs(ops, pass, batch);
  return outputs.length === 1 ? outputs[0] : ops.concatColumns(outputs);
}

/** The gradients that a layer gives back. */
export interface LayerGradients {
  /** For its weights, by name. */
  weights: Weights<Tensor>;
  /** For what it read; none where it read the words themselves. */
  dInputs?: Tensor;
  /** What each direction's cell gave back. */
  cells: CellGradients[];
}

/**
 * A layer backward.
 *
 * @param dOutputs The gradient that reaches its outputs, `[timeSteps * batch, width]`, if any does.
 * @param dFinal The gradients that reach each direction's state after the whole sentence, if any do.
 */
export function layerBackward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  of: { layer: number; inputs: Tensor | undefined; pass: LayerPass },
  dOutputs: Tensor | undefined,
  dFinal: readonly (State | undefined)[] | undefined,
  batch: Batch,
): LayerGradients {
  const { hidden } = config;
  const { layer, inputs: x, pass } = of;
  const cell = cellOf(config.cell, config.activation);
  const result: LayerGradients = { weights: {}, cells: [] };
  for (const [way, reverse] of directions(config).entries()) {
    const trace = pass.traces[way];
    const end = suffix(layer, reverse);
    const w = cellWeights(weights, end);
    const dOut = dOutputs && config.bidirectional
      ? ops.sliceColumns(dOutputs, way * hidden, (way + 1) * hidden)
      : dOutputs;
    const dLast = dFinal?.[way];
    const parts: Tensor[] = [];
    if (dOut) {
      const nothing = ops.zeros([batch.size, hidden]); // reaches h_0 directly
      parts.push(ops.concatRows([nothing, reverse ? ops.gatherRows(dOut, batch.mirror!) : dOut]));
    }
    if (dLast) parts.push(ops.scatterRows(dLast.h, batch.last));
    const dStates = parts.length === 0
      ? ops.zeros(trace.states.shape)
      : parts.reduce((sum, part) => ops.add(sum, part));
    const dCells = dLast?.c && ops.scatterRows(dLast.c, batch.last);
    const gradients = cell.backward(ops, dStates, trace, w, batch.size, dCells);
    result.cells.push(gradients);
    const { dInputs, dRecurrent } = gradients;
    const previous = ops.sliceRows(trace.states, 0, dInputs.shape[0]); // h_{t-1} beside dz_t
    const dz = reverse ? ops.gatherRows(dInputs, batch.mirror!) : dInputs;
    result.weights["Wxh" + end] = x
      ? ops.matmul(x, dz, { transposeA: true })
      : ops.scatterRows(dz, batch.words);
    result.weights["Whh" + end] = ops.matmul(previous, dRecurrent, { transposeA: true });
    result.weights["bh" + end] = ops.sumRows(dInputs);
    if (w.bhn) {
      result.weights["bhn" + end] = ops.sumRows(
        ops.sliceColumns(dRecurrent, 2 * hidden, 3 * hidden),
      );
    }
    if (!x || (layer === 0 && config.frozen)) continue;
    const dx = ops.matmul(dz, w.Wxh, { transposeB: true });
    result.dInputs = result.dInputs ? ops.add(result.dInputs, dx) : dx;
  }
  return result;
}
