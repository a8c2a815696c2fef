/**
 * The two ONNX graphs of a translation model: the encoder reads whole sources, and the decoder
 * computes the logits of the targets' tokens, with attention over the encoder's states.
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

/** Returns the ONNX form of a translation model. */
export function translationForm(model: TranslationModel): OnnxForm {
  return {
    files: [
      { suffix: ".encoder.onnx", graph: encoderGraph(model) },
      { suffix: ".decoder.onnx", graph: decoderGraph(model) },
    ],
  };
}

/** Sums states over the axis of directions. */
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
    "the tokens of each source, as indices into the metadata's vocabulary; 0 is unknown",
  );
  const lengths = lengthsInput(graph, "tokens");
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
    doc: "the hidden state after each token, for the decoder's attention",
  });
  const sum = (state: Value) =>
    config.bidirectional ? sumOfBoth(graph, state, 0, 1, "sum_of_last") : state;
  const last = layers.map(({ h, c }) => ({ h: sum(h), ...(c ? { c: sum(c) } : {}) }));
  stateOutputs(graph, config, last, { suffix: "", doc: "the decoder's initial states" });
  return graph.graph("encoder", "reads a batch of sources: run it once per batch");
}

function decoderGraph(model: TranslationModel): Graph {
  const { labels, weights: all } = model, config = decoderConfig(model.config);
  const weights = withoutPrefix(DECODER, all), graph = startGraph();
  const read = wordInput(
    graph,
    { config, vocabulary: labels },
    "target",
    "one or more tokens of each target, as indices into the metadata's labels; the last label " +
      "marks the start and the end of a target",
  );
  const initial = stateInputs(
    graph,
    config,
    "the states before the tokens; initially the encoder's",
  );
  const layers = stackLayers(graph, config, weights, read(graph, weights), { initial });
  const s = statesOfTexts(graph, config, layers.at(-1)!);
  const h = all.Wc ? attend(graph, s, all, config.hidden) : s;
  graph.output(logitsOfSteps(graph, all, h), {
    name: "logits",
    type: "float",
    dims: ["batch", "steps", labels.length],
    doc: "the logits of the token after each one, over the metadata's labels; index 0 is unknown",
  });
  stateOutputs(graph, config, layers, { doc: "the states after the last token" });
  const doc = "reads one or more tokens of a target, and computes the logits of the next one";
  return graph.graph("decoder", doc);
}

const NOWHERE = -1e30; // the score of padding, whose softmax weight is then 0

/** Attention (Luong et al. 2015): tanh([c_t, s_t] Wc), c_t = Σ_i a_ti h_i, a_t = softmax(s_t hᵀ) */
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
    doc: "the encoder's output of this name",
  });
  const lengths = graph.input({
    name: "source_lengths",
    type: "int32",
    dims: ["batch"],
    doc: "the number of tokens in each source: the encoder's lengths",
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
    doc: "the weight that each step gives to each token of the source",
  });
  const context = graph.node("MatMul", [attention, memory], "context");
  const both = graph.node("Concat", [context, s], "context_and_state", { axis: -1 });
  const W = graph.weight("attention.weight", [2 * hidden, hidden], () => Wc);
  return graph.node("Tanh", [graph.node("MatMul", [both, W], "combination")], "combined");
}
