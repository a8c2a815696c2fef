/**
 * Stacked layers in a graph: from the inputs of the lowest layer to the states of all layers.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { cellOf } from "../../network/cells/cells.ts";
import type { NetworkConfig } from "../../network/config.ts";
import { cellWeights, directions, outputWidth, suffix } from "../../network/shapes.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";
import { CELL_WRITERS } from "./cells.ts";
import type { LayerState, LayerValues } from "./layer.ts";
import { NUMBER_TYPES } from "./messages.ts";

/** Optional inputs of stacked layers. */
export interface StackOptions {
  /** The number of time steps of each sequence, int32 `[batch]`. Default: all. */
  lengths?: Value;
  /** The states of each layer before the first step. Default: zeros. */
  initial?: readonly LayerState[];
}

/** Adds a network's layers, with inputs `[steps, batch, width]`; returns the lowest layer first. */
export function stackLayers(
  graph: Builder,
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  x: Value,
  { lengths, initial }: StackOptions = {},
): LayerValues[] {
  const layers: LayerValues[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const below = layers[layer - 1];
    layers.push(CELL_WRITERS[config.cell](graph, {
      name: `rnn_l${layer}`,
      config,
      cells: directions(config).map((reverse) =>
        cellWeights(config, weights, suffix(layer, reverse))
      ),
      x: below ? sideBySide(graph, config, below) : x,
      ...(lengths === undefined ? {} : { lengths }),
      ...(initial ? { initial: initial[layer] } : {}),
    }));
  }
  return layers;
}

/** Concatenates the states of both directions, `[steps, batch, width]`. */
function sideBySide(graph: Builder, config: NetworkConfig, { outputs }: LayerValues): Value {
  if (!config.bidirectional) return graph.node("Squeeze", [outputs, graph.ints(1)], "states");
  const turned = graph.node("Transpose", [outputs], "states_of_both", { perm: [0, 2, 1, 3] });
  return graph.node("Reshape", [turned, graph.ints(0, 0, outputWidth(config))], "states");
}

/** Concatenates the states of both directions, batch-major: `[batch, steps, width]`. */
export function statesOfTexts(
  graph: Builder,
  config: NetworkConfig,
  { outputs }: LayerValues,
): Value {
  const turned = graph.node("Transpose", [outputs], "states_by_text", { perm: [2, 0, 1, 3] });
  return graph.node("Reshape", [turned, graph.ints(0, 0, outputWidth(config))], "states_of_texts");
}

/** Masks the steps of `[batch, steps, …]` that are not padding, bool `[batch, steps]`. */
export function stepsInside(graph: Builder, of: Value, lengths: Value): Value {
  const shape = graph.node("Shape", [of], "shape");
  const steps = graph.node("Gather", [shape, graph.int(1)], "steps", { axis: 0 });
  const places = graph.node("Range", [graph.int(0), steps, graph.int(1)], "places");
  const ends = graph.node("Cast", [lengths], "ends", { to: NUMBER_TYPES.int64 });
  const column = graph.node("Unsqueeze", [ends, graph.ints(1)], "ends_column");
  return graph.node("Less", [places, column], "is_inside");
}

/** Concatenates the last states of both directions, `[batch, width]`. */
export function lastSideBySide(graph: Builder, config: NetworkConfig, { h }: LayerValues): Value {
  if (!config.bidirectional) return graph.node("Squeeze", [h, graph.ints(0)], "last_state");
  const turned = graph.node("Transpose", [h], "last_states", { perm: [1, 0, 2] });
  return graph.node("Reshape", [turned, graph.ints(0, outputWidth(config))], "last_state");
}

/** Returns the kinds of state that a cell carries from one time step to the next. */
function kindsOf({ cell }: NetworkConfig): ("h" | "c")[] {
  return cellOf(cell).hasCellState ? ["h", "c"] : ["h"];
}

/** Adds the states of all layers as inputs `h` and `c`, `[layers, batch, hidden]` as in PyTorch. */
export function stateInputs(graph: Builder, config: NetworkConfig, doc: string): LayerState[] {
  const { layers, hidden } = config;
  const parts = kindsOf(config).map((name) => {
    const all = graph.input({ name, type: "float", dims: [layers, "batch", hidden], doc });
    if (layers === 1) return [all];
    const ends = Array.from({ length: layers }, (_, layer) => `_l${layer}`);
    return graph.nodes("Split", [all], `${name}_layers`, ends, { axis: 0 });
  });
  const [h, c] = parts;
  return h.map((each, layer) => ({ h: each, ...(c ? { c: c[layer] } : {}) }));
}

/** Adds the states of all layers as outputs, `[layers, batch, hidden]`. */
export function stateOutputs(
  graph: Builder,
  config: NetworkConfig,
  states: readonly LayerState[],
  { suffix = "_next", doc }: { suffix?: string; doc: string },
): void {
  const { layers, hidden } = config;
  for (const kind of kindsOf(config)) {
    const parts = states.map((state) => state[kind]!), name = kind + suffix;
    const all = layers === 1 ? parts[0] : graph.node("Concat", parts, `${name}_all`, { axis: 0 });
    graph.output(all, { name, type: "float", dims: [layers, "batch", hidden], doc });
  }
}
