/**
 * A translation model as two graphs: the encoder reads sources at once, and the decoder gives the
 * logits of the targets' symbols, with attention to what the encoder has read.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { type Weights, withoutPrefix } from "../../network/weights.ts";
import type { TranslationModel } from "../../translation/model.ts";
import { DECODER, decoderConfig, ENCODER } from "../../translation/network.ts";
import { type Builder, startGraph, type Value } from "./builder.ts";
import type { OnnxForm } from "./form.ts";
import type { Graph } from "./messages.ts";
import { logitsOfSteps } from "./head.ts";
import { lengthsInput, wordInput } from "./sequences.ts";
import { stackLayers, stateInputs, stateOutputs, statesOfTexts, stepsInside } from "./stack.ts";

/** A translation model. */
export function translationForm(model: TranslationModel): OnnxForm {
  return {
    files: [
      { suffix: ".encoder.onnx", graph: encoderGraph(model) },
      { suffix: ".decoder.onnx", graph: decoderGraph(model) },
    ],
  };
}

/** The sums over directions, of states that have these on an axis. */
function sumOfBoth(graph: Builder, states: Value, axis: number, keepdims: 0 | 1, name: string) {
  return graph.node("ReduceSum", [states, graph.ints(axis)], name, { keepdims });
}

function encoderGraph(model: TranslationModel): Graph {
  const { config } = model, weights = withoutPrefix(ENCODER, model.weights);
  const graph = startGraph();
  const read = wordInput(
    graph,
    model,
    "source",
    "the symbols of sources, places in the metadata's vocabulary; 0 for unknown ones",
  );
  const lengths = lengthsInput(graph, "symbols");
  const layers = stackLayers(graph, config, weights, read(graph, weights), { lengths });
  const memory = config.bidirectional
    ? graph.node(
      "Transpose",
      [sumOfBoth(graph, layers.at(-1)!.outputs, 1, 0, "sum_of_states")],
      "memory",
      { perm: [1, 0, 2] },
    )
    : statesOfTexts(graph, config, layers.at(-1)!);
  graph.output(memory, {
    name: "memory",
    type: "float",
    dims: ["batch", "steps", config.hidden],
    doc: "the state after each symbol, for the decoder's attention",
  });
  const sum = (state: Value) =>
    config.bidirectional ? sumOfBoth(graph, state, 0, 1, "sum_of_last") : state;
  const last = layers.map(({ h, c }) => ({ h: sum(h), ...(c ? { c: sum(c) } : {}) }));
  stateOutputs(graph, config, last, { suffix: "", doc: "what the decoder begins with" });
  return graph.graph("encoder", "reads sources: run it once for each");
}

function decoderGraph(model: TranslationModel): Graph {
  const { labels, weights: all } = model, config = decoderConfig(model.config);
  const weights = withoutPrefix(DECODER, all), graph = startGraph();
  const read = wordInput(
    graph,
    { config, vocabulary: labels },
    "target",
    "one symbol of each target or more, places in the metadata's labels, whose last stands " +
      "before the first symbol and behind the last one",
  );
  const initial = stateInputs(graph, config, "the states before: at first the encoder's");
  const layers = stackLayers(graph, config, weights, read(graph, weights), { initial });
  const s = statesOfTexts(graph, config, layers.at(-1)!);
  const h = all.Wc ? attend(graph, s, all, config.hidden) : s;
  graph.output(logitsOfSteps(graph, all, h), {
    name: "logits",
    type: "float",
    dims: ["batch", "steps", labels.length],
    doc: "y of what follows each symbol, by the metadata's labels; 0 stands for unknown ones",
  });
  stateOutputs(graph, config, layers, { doc: "the states after the last of the symbols" });
  return graph.graph("decoder", "reads a target's symbol, or several, and gives the next logits");
}

const NOWHERE = -1e30; // the score of padding: e to its power is 0

/** tanh([c_t, s_t] Wc), c_t the mean of the memory weighted by a_t = softmax(s_t h_1ᵀ, …, s_t h_nᵀ). */
function attend(
  graph: Builder,
  s: Value,
  { Wc }: Weights<FloatArray>,
  hidden: number,
): Value {
  const memory = graph.input({
    name: "memory",
    type: "float",
    dims: ["batch", "source_steps", hidden],
    doc: "the encoder's",
  });
  const lengths = graph.input({
    name: "source_lengths",
    type: "int32",
    dims: ["batch"],
    doc: "how many symbols each source has: the encoder's lengths",
  });
  const turned = graph.node("Transpose", [memory], "memory_turned", { perm: [0, 2, 1] });
  const scores = graph.node("MatMul", [s, turned], "scores");
  const isInside = stepsInside(graph, memory, lengths);
  const mask = graph.node("Unsqueeze", [isInside, graph.ints(1)], "mask");
  const known = graph.node("Where", [mask, scores, graph.float(NOWHERE)], "scores_inside");
  const attention = graph.node("Softmax", [known], "attention", { axis: -1 });
  graph.output(attention, {
    name: "attention",
    type: "float",
    dims: ["batch", "steps", "source_steps"],
    doc: "how much each step looks at each symbol of the source",
  });
  const context = graph.node("MatMul", [attention, memory], "context");
  const both = graph.node("Concat", [context, s], "context_and_state", { axis: -1 });
  const W = graph.weight("attention.weight", [2 * hidden, hidden], () => Wc);
  return graph.node("Tanh", [graph.node("MatMul", [both, W], "combination")], "combined");
}
