/**
 * What a layer is in a graph: what it reads, and what it gives. Inside a graph all is time-major.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { NetworkConfig } from "../../network/config.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";

/** States of a layer, `[directions, batch, hidden]` each. */
export interface LayerState {
  /** The hidden state. */
  h: Value;
  /** The cell state of a cell that has one. */
  c?: Value;
}

/** A layer to be written. */
export interface LayerSpec {
  /** What its node is called. */
  name: string;
  /** The network's configuration. */
  config: NetworkConfig;
  /** The weights of the cell of each direction, without the ends of their names. */
  cells: readonly Weights<FloatArray>[];
  /** What it reads, `[steps, batch, width]`. */
  x: Value;
  /** How many steps each sequence has, int32 `[batch]`. Default: all. */
  lengths?: Value;
  /** The states before the first step. Default: zeros. */
  initial?: LayerState;
}

/** What a layer gives. */
export interface LayerValues extends LayerState {
  /** All states, `[steps, directions, batch, hidden]`; `h` and `c` are those after the last step. */
  outputs: Value;
}

/** How a cell's layers are written. */
export type LayerWriter = (graph: Builder, spec: LayerSpec) => LayerValues;
