/**
 * Models that give labels or numbers to texts and series, as graphs.
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

/** What a network's logits are multiplied by before they become probabilities. */
function scaleOf({ calibration }: Calibrated): number {
  return calibration && calibration.linear === 0 ? calibration.network : 1;
}

/** What is said of a linear model that answers beside a network. */
function notesOf({ calibration }: Calibrated): string[] {
  if (!calibration || calibration.linear === 0) return [];
  return [
    "the linear model, which reads n-grams of the text, is not in the graph: it gives the " +
    "network's answers alone; export to js for those of both",
  ];
}

/** A graph's logits as an output, and their probabilities. */
function giveLogits(
  graph: Builder,
  y: Value,
  dims: readonly (string | number)[],
  { op, scale, doc }: { op: "Softmax" | "Sigmoid"; scale: number; doc: string },
): void {
  graph.output(y, { name: "logits", type: "float", dims, doc: "y, before they become " + doc });
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

/** A classifier of texts. */
export function classifierForm(model: ClassificationModel): OnnxForm {
  return labelsForm(model, "classifier", "gives each text the probabilities of labels", {
    op: "Softmax",
    doc: "the probability of each of the metadata's labels",
  });
}

/** A model that gives any number of labels. */
export function labelSetsForm(model: MultiLabelModel): OnnxForm {
  return labelsForm(
    model,
    "multi_label_classifier",
    "gives each text the probability of each label",
    {
      op: "Sigmoid",
      doc: "the probability of each of the metadata's labels, to be compared with its threshold",
    },
  );
}

/** A network that gives each text logits of labels, and probabilities by an operator. */
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

/** A tagger, whose scores of pairs of labels come out beside the logits where it has a CRF. */
export function taggerForm(model: TaggingModel): OnnxForm {
  const graph = startGraph(), labels = model.labels.length;
  const { y, lengths } = textLogits(graph, model), dims = ["batch", "steps", labels] as const;
  const file = () => ({
    suffix: SUFFIX,
    graph: graph.graph("tagger", "gives each word of each text the logits of labels"),
  });
  if (!model.config.crf) {
    const doc = "the probability of each of the metadata's labels, for each word";
    giveLogits(graph, y, dims, { op: "Softmax", scale: scaleOf(model), doc });
    return { files: [file()], notes: notesOf(model) };
  }
  graph.output(y, { name: "logits", type: "float", dims, doc: "y of each word: the emissions" });
  const { start, end, transitions } = crfScores(...networkWeights(model));
  const scores = [
    ["start_transitions", [labels], start, "the score of each label as a text's first"],
    ["end_transitions", [labels], end, "the score of each label as a text's last"],
    ["transitions", [labels, labels], transitions, "the score of a row's label before a column's"],
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
    doc: "the most probable labels of each text together, places in the metadata's labels",
  });
  return { files: [file()], notes: notesOf(model) };
}

/** A number in the unit of the training examples, and before that. */
function giveNumber(graph: Builder, y: Value, { mean, deviation }: NumberScale): void {
  const dims = ["batch", 1];
  graph.output(y, { name: "scaled", type: "float", dims, doc: "(value - mean) / deviation" });
  const stretched = graph.node("Mul", [y, graph.float(deviation)], "in_its_unit");
  const value = graph.node("Add", [stretched, graph.float(mean)], "value");
  graph.output(value, { name: "value", type: "float", dims, doc: "the number" });
}

/** A model that gives a text a number. */
export function numberForm(model: RegressionModel): OnnxForm {
  const graph = startGraph();
  giveNumber(graph, textLogits(graph, model).y, model.scale);
  const doc = "gives each text a number";
  return { files: [{ suffix: SUFFIX, graph: graph.graph("regressor", doc) }] };
}

function seriesLogits(
  graph: Builder,
  model: SeriesClassificationModel | SeriesRegressionModel,
): Value {
  const { x, lengths } = seriesInputs(graph, model);
  return meanLogits(graph, model, () => x, lengths);
}

/** A classifier of series. */
export function seriesClassifierForm(model: SeriesClassificationModel): OnnxForm {
  const graph = startGraph();
  giveLogits(graph, seriesLogits(graph, model), ["batch", model.labels.length], {
    op: "Softmax",
    scale: 1,
    doc: "the probability of each of the metadata's labels",
  });
  const doc = "gives each series the probabilities of labels";
  return {
    files: [{ suffix: SUFFIX, graph: graph.graph("series_classifier", doc) }],
  };
}

/** A model that gives a series a number. */
export function seriesNumberForm(model: SeriesRegressionModel): OnnxForm {
  const graph = startGraph();
  giveNumber(graph, seriesLogits(graph, model), model.scale);
  const doc = "gives each series a number";
  return {
    files: [{ suffix: SUFFIX, graph: graph.graph("series_regressor", doc) }],
  };
}
