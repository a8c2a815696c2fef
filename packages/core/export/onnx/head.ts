/**
 * Pooling and the output layer in a graph: from the hidden states over time to the logits.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { Head, NetworkConfig } from "../../network/config.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";
import type { LayerValues } from "./layer.ts";
import { NUMBER_TYPES } from "./messages.ts";
import { lastSideBySide, statesOfTexts, stepsInside } from "./stack.ts";

/** The inputs of pooling. */
interface Pooled {
  config: NetworkConfig;
  top: LayerValues;
  /** The number of time steps of each sequence, int32 `[batch]`. */
  lengths: Value;
}

const LEAST = -3.4028234663852886e38; // the lowest float32, below any state

/** The states `[batch, steps, width]`, and a mask of the steps that are not padding. */
interface Masked {
  states: Value;
  /** bool `[batch, steps, 1]`. */
  mask: Value;
}

function masked(graph: Builder, { config, top, lengths }: Pooled): Masked {
  const states = statesOfTexts(graph, config, top);
  const isInside = stepsInside(graph, states, lengths);
  return { states, mask: graph.node("Unsqueeze", [isInside, graph.ints(2)], "mask") };
}

/** Returns the states, with those of padding replaced by `elsewhere`. */
function inside(graph: Builder, { states, mask }: Masked, elsewhere: number): Value {
  return graph.node("Where", [mask, states, graph.float(elsewhere)], "states_inside");
}

/** Computes the mean of each sequence's states, `[batch, width]`. */
function mean(graph: Builder, { lengths }: Pooled, states: Masked): Value {
  const all = inside(graph, states, 0);
  const sum = graph.node("ReduceSum", [all, graph.ints(1)], "sum", { keepdims: 0 });
  const counts = graph.node("Cast", [lengths], "counts", { to: NUMBER_TYPES.float });
  const least = graph.node("Max", [counts, graph.float(1)], "counts_of_one_or_more");
  const column = graph.node("Unsqueeze", [least, graph.ints(1)], "counts_column");
  return graph.node("Div", [sum, column], "mean");
}

/** Computes each unit's maximum over a sequence, `[batch, width]`; zeros for an empty sequence. */
function max(graph: Builder, states: Masked): Value {
  const all = inside(graph, states, LEAST);
  const largest = graph.node("ReduceMax", [all], "largest", { axes: [1], keepdims: 0 });
  const isEmpty = graph.node("Equal", [largest, graph.float(LEAST)], "is_empty");
  return graph.node("Where", [isEmpty, graph.float(0), largest], "max");
}

/** The pooling of each head: from the states to the input of the output layer. */
const POOLINGS: Record<Head, (graph: Builder, pooled: Pooled) => Value> = {
  last: (graph, { config, top }) => lastSideBySide(graph, config, top),
  mean: (graph, pooled) => mean(graph, pooled, masked(graph, pooled)),
  max: (graph, pooled) => max(graph, masked(graph, pooled)),
  "mean-max"(graph, pooled) {
    const states = masked(graph, pooled);
    const both = [mean(graph, pooled, states), max(graph, states)];
    return graph.node("Concat", both, "mean_and_max", { axis: 1 });
  },
  token: (graph, { config, top }) => statesOfTexts(graph, config, top),
};

/** Returns the pooled states, `[batch, width]`, or for the head `token` `[batch, steps, width]`. */
export function pooledStates(graph: Builder, pooled: Pooled): Value {
  return POOLINGS[pooled.config.head](graph, pooled);
}

/** Computes y = h Why + b_y for every time step, with h `[batch, steps, width]`. */
export function logitsOfSteps(graph: Builder, weights: Weights<FloatArray>, h: Value): Value {
  const { W, b } = headWeights(graph, weights);
  return graph.node("Add", [graph.node("MatMul", [h, W], "head"), b], "head_and_bias");
}

/** Computes y = h Why + b_y for every text, with h `[batch, width]`. */
export function logitsOfTexts(graph: Builder, weights: Weights<FloatArray>, h: Value): Value {
  const { W, b } = headWeights(graph, weights);
  return graph.node("Gemm", [h, W, b], "head");
}

function headWeights(graph: Builder, { Why, by: bY }: Weights<FloatArray>) {
  const labels = bY.length;
  return {
    W: graph.weight("head.weight", [Why.length / labels, labels], () => Why),
    b: graph.weight("head.bias", [labels], () => bY),
  };
}
