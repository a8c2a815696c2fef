/**
 * From the states over time to the logits, in a graph.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { Head, NetworkConfig } from "../../network/config.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";
import type { LayerValues } from "./layer.ts";
import { lastSideBySide, sideBySide } from "./stack.ts";

/** What pooling reads. */
interface Pooled {
  config: NetworkConfig;
  top: LayerValues;
  /** int32 `[batch]`. */
  lengths: Value;
}

const LEAST = -3.4028234663852886e38; // of float32: less than any state

/** The states of steps within the sequences, and elsewhere a number. */
function inside(graph: Builder, { config, top, lengths }: Pooled, elsewhere: number) {
  const states = sideBySide(graph, config, top);
  const shape = graph.node("Shape", [states], "shape");
  const steps = graph.node("Gather", [shape, graph.int(0)], "steps", { axis: 0 });
  const places = graph.node("Range", [graph.int(0), steps, graph.int(1)], "places");
  const column = graph.node("Unsqueeze", [places, graph.ints(1)], "places_column");
  const ends = graph.node("Cast", [lengths], "ends", { to: 7 });
  const isInside = graph.node("Less", [column, ends], "is_inside");
  const mask = graph.node("Unsqueeze", [isInside, graph.ints(2)], "mask");
  return graph.node("Where", [mask, states, graph.float(elsewhere)], "states_inside");
}

/** The mean of each sequence's states, `[batch, width]`. */
function mean(graph: Builder, pooled: Pooled): Value {
  const sum = graph.node("ReduceSum", [inside(graph, pooled, 0), graph.ints(0)], "sum", {
    keepdims: 0,
  });
  const counts = graph.node("Cast", [pooled.lengths], "counts", { to: 1 });
  const least = graph.node("Max", [counts, graph.float(1)], "counts_of_one_or_more");
  const column = graph.node("Unsqueeze", [least, graph.ints(1)], "counts_column");
  return graph.node("Div", [sum, column], "mean");
}

/** The largest of each sequence's states, unit by unit, `[batch, width]`; zeros of one without any. */
function max(graph: Builder, pooled: Pooled): Value {
  const states = inside(graph, pooled, LEAST);
  const largest = graph.node("ReduceMax", [states], "largest", { axes: [0], keepdims: 0 });
  const isEmpty = graph.node("Equal", [largest, graph.float(LEAST)], "is_empty");
  return graph.node("Where", [isEmpty, graph.float(0), largest], "max");
}

/** How states become what the logits are made of. */
const POOLINGS: Record<Head, (graph: Builder, pooled: Pooled) => Value> = {
  last: (graph, { config, top }) => lastSideBySide(graph, config, top),
  mean,
  max,
  "mean-max": (graph, pooled) =>
    graph.node("Concat", [mean(graph, pooled), max(graph, pooled)], "mean_and_max", { axis: 1 }),
  token: (graph, { config, top }) => {
    const states = sideBySide(graph, config, top);
    return graph.node("Transpose", [states], "states_of_texts", { perm: [1, 0, 2] });
  },
};

/** What the logits are made of: `[batch, width]`, or for the head `token` `[batch, steps, width]`. */
export function pooledStates(graph: Builder, pooled: Pooled): Value {
  return POOLINGS[pooled.config.head](graph, pooled);
}

/** y = h Why + b_y. */
export function logits(
  graph: Builder,
  { Why, by: bY }: Weights<FloatArray>,
  h: Value,
): Value {
  const labels = bY.length;
  const W = graph.weight("head.weight", [Why.length / labels, labels], () => Why);
  const b = graph.weight("head.bias", [labels], () => bY);
  return graph.node("Add", [graph.node("MatMul", [h, W], "head"), b], "head_and_bias");
}
