/**
 * The ONNX graph of a language model: tokens and states in, logits and states out.
 *
 * @module
 */
import type { LanguageModel } from "../../language_model/model.ts";
import { startGraph } from "./builder.ts";
import { type OnnxForm, SUFFIX } from "./form.ts";
import { logitsOfSteps } from "./head.ts";
import { wordInput } from "./sequences.ts";
import { stackLayers, stateInputs, stateOutputs, statesOfTexts } from "./stack.ts";

/** Returns the ONNX form of a language model. */
export function languageModelForm(model: LanguageModel): OnnxForm {
  const graph = startGraph(), { config, weights, labels } = model;
  const read = wordInput(
    graph,
    model,
    "symbols",
    "one or more tokens of each text, as indices into the metadata's vocabulary; the first is " +
      '"<start or end>", or the label to generate for',
  );
  const initial = stateInputs(
    graph,
    config,
    "the states before the tokens; zeros before the first token",
  );
  const layers = stackLayers(graph, config, weights, read(graph, weights), { initial });
  const states = statesOfTexts(graph, config, layers.at(-1)!);
  graph.output(logitsOfSteps(graph, weights, states), {
    name: "logits",
    type: "float",
    dims: ["batch", "steps", labels.length],
    doc: "the logits of the token after each one, over the metadata's labels; index 0 is unknown",
  });
  stateOutputs(graph, config, layers, { doc: "the states after the last token" });
  const doc = "reads one or more tokens, and computes the logits of the next one";
  return { files: [{ suffix: SUFFIX, graph: graph.graph("language_model", doc) }] };
}
