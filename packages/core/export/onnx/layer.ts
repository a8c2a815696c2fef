/**
 * The inputs and outputs of a layer in a graph. Inside a graph, all values are time-major.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { NetworkConfig } from "../../network/config.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";

/** The states of a layer, `[directions, batch, hidden]` each. */
export interface LayerState {
  /** The hidden state. */
  h: Value;
  /** The cell state, if the cell has one. */
  c?: Value;
}

/** The layer to add to a graph. */
export interface LayerSpec {
  /** The name of its node, or the prefix of its nodes' names. */
  name: string;
  /** The network's configuration. */
  config: NetworkConfig;
  /** The weights of each direction's cell, named without their layer and direction suffixes. */
  cells: readonly Weights<FloatArray>[];
  /** The layer's input, `[steps, batch, width]`. */
  x: Value;
  /** The number of time steps of each sequence, int32 `[batch]`. Default: all. */
  lengths?: Value;
  /** The states before the first step. Default: zeros. */
  initial?: LayerState;
}

/** The outputs of a layer. */
export interface LayerValues extends LayerState {
  /** All hidden states, `[steps, directions, batch, hidden]`; `h` and `c` are the last ones. */
  outputs: Value;
}

/** A function that adds a cell's layer to a graph and returns its outputs. */
export type LayerWriter = (graph: Builder, spec: LayerSpec) => LayerValues;
