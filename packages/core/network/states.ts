/**
 * The states that a network carries across chunk boundaries or from one step of a stream to the
 * next.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { State } from "./cells/cell.ts";
import { cellOf } from "./cells/cells.ts";
import type { NetworkConfig } from "./config.ts";
import type { LayerPass } from "./layer.ts";
import type { Weights } from "./weights.ts";

/** Returns a zero state for each layer. */
export function zeroStates(
  ops: Ops,
  { cell, layers, hidden }: NetworkConfig,
  batch: number,
): State[] {
  return Array.from({ length: layers }, () => ({
    h: ops.zeros([batch, hidden]),
    ...(cellOf(cell).hasCellState ? { c: ops.zeros([batch, hidden]) } : {}),
  }));
}

/** Returns the states with zeros in the rows to reset, those in which a new document begins. */
export function resetStates(ops: Ops, states: readonly State[], resetState: boolean[]): State[] {
  if (!resetState.includes(true)) return [...states];
  const kept = ops.tensor(resetState.map((reset) => reset ? 0 : 1), [resetState.length, 1]);
  return states.map(({ h, c }) => ({
    h: ops.multiplyColumn(h, kept),
    ...(c ? { c: ops.multiplyColumn(c, kept) } : {}),
  }));
}

/** Returns each layer's state after the last step. */
export function finalStates(ops: Ops, layers: readonly LayerPass[], batch: number): State[] {
  const last = (a: Tensor) => ops.sliceRows(a, a.shape[0] - batch, a.shape[0]);
  return layers.map(({ traces: [{ states, cells }] }) => ({
    h: last(states),
    ...(cells ? { c: last(cells) } : {}),
  }));
}

/** Returns each layer's state after each sentence's last word, for layers that read one way. */
export function endStates(
  ops: Ops,
  layers: readonly LayerPass[],
  { last }: Pick<Batch, "last">,
): State[] {
  return layers.map(({ traces: [{ states, cells }] }) => ({
    h: ops.gatherRows(states, last),
    ...(cells ? { c: ops.gatherRows(cells, last) } : {}),
  }));
}

/** Returns all tensors of the given states. */
export function tensorsOf(states: readonly State[]): Tensor[] {
  return states.flatMap(({ h, c }) => c ? [h, c] : [h]);
}

/** Returns the names of each layer's states: `h_l0` for the first, and `c_l0` for a cell state. */
export function stateNames({ cell, layers }: NetworkConfig): string[][] {
  const kinds = cellOf(cell).hasCellState ? ["h", "c"] : ["h"];
  return Array.from({ length: layers }, (_, layer) => kinds.map((kind) => `${kind}_l${layer}`));
}

/** Returns the states by name. */
export function namedStates(config: NetworkConfig, states: readonly State[]): Weights<Tensor> {
  const names = stateNames(config);
  return Object.fromEntries(
    states.flatMap(({ h, c }, layer) => names[layer].map((name, k) => [name, k === 0 ? h : c!])),
  );
}

/** Uploads states from their values, keyed as in {@linkcode stateNames}. */
export function restoredStates(
  ops: Ops,
  config: NetworkConfig,
  numbers: Weights<FloatArray>,
): State[] {
  const restored = (name: string) =>
    ops.tensor(numbers[name], [numbers[name].length / config.hidden, config.hidden]);
  return stateNames(config).map(([h, c]) => ({
    h: restored(h),
    ...(c ? { c: restored(c) } : {}),
  }));
}
