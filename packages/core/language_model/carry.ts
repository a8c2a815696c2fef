/**
 * The state that goes from a piece of a stream to the next.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import type { State } from "../cells/cell.ts";
import type { LayerPass } from "../layer.ts";
import type { NetworkConfig } from "../network_config.ts";
import type { Ops } from "../ops.ts";

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
