/**
 * A language model as a graph: symbols and states in, logits and states out.
 *
 * @module
 */
import type { LanguageModel } from "../../language_model/model.ts";
import { startGraph } from "./builder.ts";
import { type OnnxForm, SUFFIX } from "./form.ts";
import { logitsOfSteps } from "./head.ts";
import { wordInput } from "./sequences.ts";
import { stackLayers, stateInputs, stateOutputs, statesOfTexts } from "./stack.ts";

/** A language model. */
export function languageModelForm(model: LanguageModel): OnnxForm {
  const graph = startGraph(), { config, weights, labels } = model;
  const read = wordInput(
    graph,
    model,
    "symbols",
    "one symbol of each text or more, places in the metadata's vocabulary; before the first " +
      'stands "<start or end>", or the label that is written for',
  );
  const initial = stateInputs(graph, config, "the states before; zeros before the first symbol");
  const layers = stackLayers(graph, config, weights, read(graph, weights), { initial });
  const states = statesOfTexts(graph, config, layers.at(-1)!);
  graph.output(logitsOfSteps(graph, weights, states), {
    name: "logits",
    type: "float",
    dims: ["batch", "steps", labels.length],
    doc: "y of what follows each symbol, by the metadata's labels; 0 stands for unknown ones",
  });
  stateOutputs(graph, config, layers, { doc: "the states after the last of the symbols" });
  const doc = "reads a symbol, or several, and gives the logits of the next";
  return { files: [{ suffix: SUFFIX, graph: graph.graph("language_model", doc) }] };
}
