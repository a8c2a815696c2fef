/**
 * ONNX files of the workloads' classifiers, as `deno task export` writes them, but without lengths:
 * all sentences of a workload have the same length.
 *
 * @module
 */
import { startGraph } from "#core/export/onnx/builder.ts";
import { logitsOfTexts } from "#core/export/onnx/head.ts";
import { modelProto } from "#core/export/onnx/messages.ts";
import { joined } from "#core/export/onnx/protobuf.ts";
import { lastSideBySide, stackLayers } from "#core/export/onnx/stack.ts";
import { wordVectors } from "#core/export/onnx/words.ts";
import { startWeights, type Workload } from "../workloads.ts";

/**
 * Returns the ONNX file of a classifier with one LSTM layer, from `words`, `[timeSteps, batch]`, to
 * `logits`, `[batch, labels]`.
 */
export function onnxClassifier(workload: Workload): Uint8Array<ArrayBuffer> {
  const { config, words, labels, timeSteps, batch } = workload;
  const graph = startGraph(), weights = startWeights(workload);
  const ids = graph.input({ name: "words", type: "int64", dims: [timeSteps, batch] });
  const x = wordVectors(graph, config, weights, ids, words);
  const [layer] = stackLayers(graph, config, weights, x);
  const logits = logitsOfTexts(graph, weights, lastSideBySide(graph, config, layer));
  graph.output(logits, { name: "logits", type: "float", dims: [batch, labels] });
  return joined(modelProto(graph.graph("classifier"), {}));
}
