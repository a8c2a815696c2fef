/**
 * The layer-normalized LSTM. ONNX has no operator for it, so its recurrence is a `Loop` over
 * `LayerNormalization` and basic operators, one for each direction.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { NORM_EPSILON } from "../../network/cells/layer_norm.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";
import type { LayerSpec, LayerState, LayerWriter } from "./layer.ts";
import { graphProto, NUMBER_TYPES } from "./messages.ts";

/** Adds one direction: LN(x_t Wxh) ⊙ g_x + b_h for all steps at once, then the recurrence. */
function direction(
  graph: Builder,
  { config: { hidden }, x, lengths }: LayerSpec,
  cell: Weights<FloatArray>,
  initial: LayerState | undefined,
  reverse: boolean,
): { states: Value; h: Value; c: Value } {
  const gates = 4 * hidden, width = cell.Wxh.length / gates;
  const row = (name: string, data: FloatArray) => graph.weight(name, [data.length], () => data);
  const norm = (on: Builder, a: Value, gain: Value, bias: Value | undefined, name: string) =>
    on.node("LayerNormalization", [a, gain, bias], name, {
      axis: -1,
      epsilon: { float: NORM_EPSILON },
    });
  const products = graph.node(
    "MatMul",
    [x, graph.weight("Wxh", [width, gates], () => cell.Wxh)],
    "inputs",
  );
  let inputs = norm(graph, products, row("gx", cell.gx), row("bh", cell.bh), "inputs_norm");
  const shape = graph.node("Shape", [x], "shape");
  const steps = graph.node("Gather", [shape, graph.int(0)], "steps", { axis: 0 });
  const batch = graph.node("Gather", [shape, graph.ints(1)], "batch", { axis: 0 });
  const ends = lengths && graph.node("Cast", [lengths], "lengths", { to: NUMBER_TYPES.int64 });
  const mirrored = (a: Value, name: string) => {
    const all = ends ?? graph.node("Expand", [steps, batch], "all_steps");
    return graph.node("ReverseSequence", [a, all], name, { batch_axis: 1, time_axis: 0 });
  };
  if (reverse) inputs = mirrored(inputs, "inputs_reversed");
  const zeros = () => {
    const size = graph.node("Concat", [batch, graph.ints(hidden)], "state_shape", { axis: 0 });
    return graph.node("Expand", [graph.float(0), size], "zeros");
  };
  const first = initial ?? { h: zeros(), c: zeros() };

  const body = graph.body();
  const t = body.input({ name: `${inputs}.t`, type: "int64", dims: [] });
  const go = body.input({ name: `${inputs}.go`, type: "bool", dims: [] });
  const state = (name: string) =>
    body.input({ name: `${inputs}.${name}`, type: "float", dims: ["batch", hidden] });
  const before = { h: state("h"), c: state("c") };
  const Whh = graph.weight("Whh", [hidden, gates], () => cell.Whh);
  const fromState = body.node("MatMul", [before.h, Whh], "step.products"); // h_{t-1} Whh
  const p = norm(body, fromState, row("gh", cell.gh), undefined, "step.products_norm");
  const a = body.node(
    "Add",
    [body.node("Gather", [inputs, t], "step.inputs", { axis: 0 }), p],
    "step.gates",
  );
  const [ai, af, ag, ao] = body.nodes(
    "Split",
    [a, graph.ints(hidden, hidden, hidden, hidden)],
    "step.split",
    [".i", ".f", ".g", ".o"],
    { axis: -1 },
  );
  const [i, f, o] = [ai, af, ao].map((gate, k) =>
    body.node("Sigmoid", [gate], `step.${["i", "f", "o"][k]}`)
  );
  const g = body.node("Tanh", [ag], "step.g");
  const c = body.node( // c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t
    "Add",
    [body.node("Mul", [f, before.c], "step.kept"), body.node("Mul", [i, g], "step.new")],
    "step.c",
  );
  const shown = norm(body, c, row("gc", cell.gc), row("bc", cell.bc), "step.c_norm");
  const h = body.node("Mul", [o, body.node("Tanh", [shown], "step.shown")], "step.h");
  let next = { h, c };
  if (ends) { // after its end, a sequence keeps its state
    const isWord = body.node(
      "Unsqueeze",
      [body.node("Less", [t, ends], "step.is_inside"), graph.ints(1)],
      "step.mask",
    );
    const kept = (name: "h" | "c") =>
      body.node("Where", [isWord, next[name], before[name]], `step.kept_${name}`);
    next = { h: kept("h"), c: kept("c") };
  }
  const goesOn = body.node("Identity", [go], "step.goes_on");
  const out = body.node("Identity", [next.h], "step.output");
  const stateInfo = { type: "float", dims: ["batch", hidden] } as const;
  body.output(goesOn, { name: goesOn, type: "bool", dims: [] });
  for (const value of [next.h, next.c, out]) body.output(value, { name: value, ...stateInfo });
  const [lastH, lastC, states] = graph.nodes(
    "Loop",
    [steps, undefined, first.h, first.c],
    "recurrence",
    [".h", ".c", ".states"],
    { body: { graph: graphProto(body.graph("step")) } },
  );
  return {
    states: reverse ? mirrored(states, "states_in_order") : states,
    h: lastH,
    c: lastC,
  };
}

/** Adds a layer of a layer-normalized LSTM to a graph. */
export const layerNormLoop: LayerWriter = (graph, spec) => {
  const { name, cells, initial } = spec;
  const own = graph.within(`${name}.`);
  const passes = cells.map((cell, k) => {
    const one = cells.length === 1 ? own : own.within(["forward.", "backward."][k]);
    const before = (value: Value, what: string) =>
      one.node("Gather", [value, one.int(k)], `first_${what}`, { axis: 0 });
    const first = initial && {
      h: before(initial.h, "h"),
      c: before(initial.c!, "c"),
    };
    return direction(one, spec, cell, first, k === 1);
  });
  const stacked = (values: Value[], axis: number, what: string) => {
    const parts = values.map((value) => own.node("Unsqueeze", [value, own.ints(axis)], what));
    return parts.length === 1 ? parts[0] : own.node("Concat", parts, what, { axis });
  };
  return {
    outputs: stacked(passes.map(({ states }) => states), 1, "states"),
    h: stacked(passes.map(({ h }) => h), 0, "h"),
    c: stacked(passes.map(({ c }) => c), 0, "c"),
  };
};
