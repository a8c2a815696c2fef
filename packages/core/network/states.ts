/**
 * The state that goes from a piece of a stream to the next.
 *
 * @module
 */
import type { FloatArray, Tensor } from "../backend.ts";
import type { State } from "./cells/cell.ts";
import type { LayerPass } from "./layer.ts";
import type { NetworkConfig, Weights } from "./config.ts";
import type { Ops } from "../ops/checked_ops.ts";

/** Zeros for each layer. */
export function freshStates(
  ops: Ops,
  { cell, layers, hidden }: NetworkConfig,
  batch: number,
): State[] {
  return Array.from({ length: layers }, () => ({
    h: ops.zeros([batch, hidden]),
    ...(cell === "lstm" ? { c: ops.zeros([batch, hidden]) } : {}),
  }));
}

/** The states with zeros in those rows where a document begins. */
export function carriedStates(ops: Ops, states: readonly State[], fresh: boolean[]): State[] {
  if (!fresh.includes(true)) return [...states];
  const kept = ops.tensor(fresh.map((isFresh) => isFresh ? 0 : 1), [fresh.length, 1]);
  return states.map(({ h, c }) => ({
    h: ops.multiplyColumn(h, kept),
    ...(c ? { c: ops.multiplyColumn(c, kept) } : {}),
  }));
}

/** Each layer's state after the last step. */
export function finalStates(ops: Ops, layers: readonly LayerPass[], batch: number): State[] {
  const last = (a: Tensor) => ops.sliceRows(a, a.shape[0] - batch, a.shape[0]);
  return layers.map(({ traces: [{ states, cells }] }) => ({
    h: last(states),
    ...(cells ? { c: last(cells) } : {}),
  }));
}

/** All tensors of some states. */
export function tensorsOf(states: readonly State[]): Tensor[] {
  return states.flatMap(({ h, c }) => c ? [h, c] : [h]);
}

/** The states by name: `h_l0`, and for an LSTM `c_l0`, of the first layer. */
export function namesOf(states: readonly State[]): Weights<Tensor> {
  return Object.fromEntries(states.flatMap(({ h, c }, layer): [string, Tensor][] => [
    [`h_l${layer}`, h],
    ...(c ? [[`c_l${layer}`, c] as [string, Tensor]] : []),
  ]));
}

/** The states that numbers of those names say. */
export function restoredStates(
  ops: Ops,
  { cell, layers, hidden }: NetworkConfig,
  numbers: Weights<FloatArray>,
): State[] {
  const restored = (name: string) =>
    ops.tensor(numbers[name], [numbers[name].length / hidden, hidden]);
  return Array.from({ length: layers }, (_, layer) => ({
    h: restored(`h_l${layer}`),
    ...(cell === "lstm" ? { c: restored(`c_l${layer}`) } : {}),
  }));
}
