/**
 * ONNX graphs of models that predict labels or numbers for texts and series.
 *
 * @module
 */
import type { ClassificationModel } from "../../classification/model.ts";
import { networkWeights } from "../../model.ts";
import type { MultiLabelModel } from "../../multi_label/model.ts";
import { crfScores } from "../../network/crf_sequences.ts";
import type { RegressionModel } from "../../regression/model.ts";
import type { NumberScale } from "../../regression/scale.ts";
import type { SeriesClassificationModel } from "../../series_classification/model.ts";
import type { SeriesRegressionModel } from "../../series_regression/model.ts";
import type { TaggingModel } from "../../tagging/model.ts";
import { type Builder, startGraph, type Value } from "./builder.ts";
import { type OnnxForm, SUFFIX } from "./form.ts";
import { seriesInputs } from "./series.ts";
import { lengthsInput, meanLogits, textInput } from "./sequences.ts";
import { viterbiPath } from "./viterbi.ts";

type Calibrated = Pick<ClassificationModel, "calibration">;

/** Returns the factor that scales a network's logits before softmax or sigmoid. */
function scaleOf({ calibration }: Calibrated): number {
  return calibration && calibration.linear === 0 ? calibration.network : 1;
}

/** Returns a note if a linear model takes part in the predictions, as it is not in the graph. */
function notesOf({ calibration }: Calibrated): string[] {
  if (!calibration || calibration.linear === 0) return [];
  return [
    "the linear model, which reads the text itself, is not in the graph: the graph returns " +
    "the network's predictions alone; export to js for the predictions of both",
  ];
}

/** Adds the outputs `logits` and `probabilities` to a graph. */
function giveLogits(
  graph: Builder,
  y: Value,
  dims: readonly (string | number)[],
  { op, scale, doc }: { op: "Softmax" | "Sigmoid"; scale: number; doc: string },
): void {
  graph.output(y, { name: "logits", type: "float", dims, doc: "y, before normalization" });
  const scaled = scale === 1 ? y : graph.node("Mul", [y, graph.float(scale)], "calibration");
  const attributes = op === "Softmax" ? { axis: -1 } : undefined;
  const p = graph.node(op, [scaled], "probabilities", attributes);
  graph.output(p, { name: "probabilities", type: "float", dims, doc });
}

function textLogits(
  graph: Builder,
  model: ClassificationModel | TaggingModel | MultiLabelModel | RegressionModel,
): { y: Value; lengths: Value } {
  const read = textInput(graph, model), lengths = lengthsInput(graph, "words");
  return { y: meanLogits(graph, model, read, lengths), lengths };
}

/** Returns the ONNX form of a text classifier. */
export function classifierForm(model: ClassificationModel): OnnxForm {
  return labelsForm(model, "classifier", "predicts the probability of each label for each text", {
    op: "Softmax",
    doc: "the probability of each of the metadata's labels",
  });
}

/** Returns the ONNX form of a multi-label classifier. */
export function labelSetsForm(model: MultiLabelModel): OnnxForm {
  return labelsForm(
    model,
    "multi_label_classifier",
    "predicts the probability of each label for each text, independently",
    {
      op: "Sigmoid",
      doc: "the probability of each of the metadata's labels, to compare with its threshold",
    },
  );
}

/** Returns a graph that computes logits for each text, and probabilities with an operator. */
function labelsForm(
  model: ClassificationModel | MultiLabelModel,
  name: string,
  doc: string,
  probabilities: { op: "Softmax" | "Sigmoid"; doc: string },
): OnnxForm {
  const graph = startGraph(), { y } = textLogits(graph, model);
  giveLogits(graph, y, ["batch", model.labels.length], { ...probabilities, scale: scaleOf(model) });
  return { files: [{ suffix: SUFFIX, graph: graph.graph(name, doc) }], notes: notesOf(model) };
}

/** Returns the ONNX form of a tagger. With a CRF, the transition scores are outputs too. */
export function taggerForm(model: TaggingModel): OnnxForm {
  const graph = startGraph(), labels = model.labels.length;
  const { y, lengths } = textLogits(graph, model), dims = ["batch", "steps", labels] as const;
  const file = () => ({
    suffix: SUFFIX,
    graph: graph.graph("tagger", "computes the logits of the labels for each word of each text"),
  });
  if (!model.config.crf) {
    const doc = "the probability of each of the metadata's labels, for each word";
    giveLogits(graph, y, dims, { op: "Softmax", scale: scaleOf(model), doc });
    return { files: [file()], notes: notesOf(model) };
  }
  graph.output(y, { name: "logits", type: "float", dims, doc: "y of each word: the emissions" });
  const { start, end, transitions } = crfScores(...networkWeights(model));
  const scores = [
    ["start_transitions", [labels], start, "the score of each label as the first of a text"],
    ["end_transitions", [labels], end, "the score of each label as the last of a text"],
    [
      "transitions",
      [labels, labels],
      transitions,
      "the score of moving from a row's label to a column's",
    ],
  ] as const;
  const [first, last, pairs] = scores.map(([name, dims, numbers, doc]) => {
    const weight = graph.weight(`crf.${name}`, dims, () => numbers);
    graph.output(weight, { name, type: "float", dims, doc });
    return weight;
  });
  const path = viterbiPath(graph, {
    logits: y,
    lengths,
    start: first,
    end: last,
    transitions: pairs,
    labels,
  });
  graph.output(path, {
    name: "labels",
    type: "int64",
    dims: ["batch", "steps"],
    doc: "the most probable label sequence of each text, as indices into the metadata's labels",
  });
  return { files: [file()], notes: notesOf(model) };
}

/** Adds the outputs `scaled` and `value`, the latter in the unit of the training examples. */
function giveNumber(graph: Builder, y: Value, { mean, deviation }: NumberScale): void {
  const dims = ["batch", 1];
  graph.output(y, { name: "scaled", type: "float", dims, doc: "(value - mean) / deviation" });
  const stretched = graph.node("Mul", [y, graph.float(deviation)], "in_its_unit");
  const value = graph.node("Add", [stretched, graph.float(mean)], "value");
  graph.output(value, { name: "value", type: "float", dims, doc: "the predicted number" });
}

/** Returns the ONNX form of a text regressor. */
export function numberForm(model: RegressionModel): OnnxForm {
  const graph = startGraph();
  giveNumber(graph, textLogits(graph, model).y, model.scale);
  const doc = "predicts a number for each text";
  return { files: [{ suffix: SUFFIX, graph: graph.graph("regressor", doc) }] };
}

function seriesLogits(
  graph: Builder,
  model: SeriesClassificationModel | SeriesRegressionModel,
): Value {
  const { x, lengths } = seriesInputs(graph, model);
  return meanLogits(graph, model, () => x, lengths);
}

/** Returns the ONNX form of a series classifier. */
export function seriesClassifierForm(model: SeriesClassificationModel): OnnxForm {
  const graph = startGraph();
  giveLogits(graph, seriesLogits(graph, model), ["batch", model.labels.length], {
    op: "Softmax",
    scale: 1,
    doc: "the probability of each of the metadata's labels",
  });
  const doc = "predicts the probability of each label for each series";
  return {
    files: [{ suffix: SUFFIX, graph: graph.graph("series_classifier", doc) }],
  };
}

/** Returns the ONNX form of a series regressor. */
export function seriesNumberForm(model: SeriesRegressionModel): OnnxForm {
  const graph = startGraph();
  giveNumber(graph, seriesLogits(graph, model), model.scale);
  const doc = "predicts a number for each series";
  return {
    files: [{ suffix: SUFFIX, graph: graph.graph("series_regressor", doc) }],
  };
}
