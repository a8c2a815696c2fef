/**
 * The multi-label task: predict any number of labels for a text.
 *
 * @module
 */
import {
  companionMetadata,
  companionsFrom,
  companionShapes,
  companionsIn,
  companionTensors,
  NGRAM_KINDS,
} from "../classification/companion_file.ts";
import { labeledProblem, labelReader } from "../classification/encode.ts";
import { tokenizerOf } from "../classification/task.ts";
import { textShapes, textTensors } from "../classification/text_model.ts";
import { poolingOf } from "../network/head.ts";
import type { Fail, Metadata, Task, TaskReader } from "../task.ts";
import { encodeLabelSets } from "./encode.ts";
import { evaluateLabelSets, type MultiLabelEvaluation } from "./evaluate.ts";
import { labelsIn } from "./labels.ts";
import type { MultiLabelModel } from "./model.ts";
import { type MultiLabelPrediction, predictLabelSets } from "./predict.ts";
import { multiLabelTraining } from "./training.ts";

const DEFAULT = ";";

/** The reader of texts and labels; the separator is the model's. */
const reader: TaskReader = {
  .../* @__PURE__ */ labelReader(labelsIn(DEFAULT)),
  labelTokens: ({ separator = DEFAULT }, label) => labelsIn(separator).split(label),
  problem: ({ length }, _, example, { separator = DEFAULT, tokenizer }) =>
    labeledProblem(length, example, labelsIn(separator), tokenizer),
  label: (labels, { separator = DEFAULT }) => labels.join(separator),
};

/** The multi-label task, of the models that `createMultiLabelClassifier` creates. */
export const multiLabel: Task<
  MultiLabelModel,
  MultiLabelPrediction,
  never,
  MultiLabelEvaluation
> = {
  name: "multi-label",
  models: "multi-label models",
  usage: "this is a multi-label model; use predict()",
  ensembles: true,
  trainOptions: ["labelWeights", "fineTuning"],
  shapes: /* @__PURE__ */ textShapes(({ labels }) => labels.length),
  encode: encodeLabelSets,
  training: multiLabelTraining,
  predict: predictLabelSets,
  evaluate: evaluateLabelSets,
  reader,
  file: {
    claims: (task, config) => task === multiLabel.name && !poolingOf(config).isPerStep,
    minLabels: 1,
    keys: ["tokenizer", "separator", "threshold", "thresholds", "linear", "calibration"],
    metadata: ({ tokenizer, separator, threshold, thresholds, ...beside }) => ({
      task: multiLabel.name,
      tokenizer: JSON.stringify(tokenizer),
      separator,
      threshold: JSON.stringify(threshold),
      ...(thresholds ? { thresholds: JSON.stringify(thresholds) } : {}),
      ...companionMetadata(beside),
    }),
    read: (header, metadata, fail) => ({
      task: "multi-label",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
      ...settingsIn(metadata, fail, header.labels.length),
      ...companionsIn(metadata, fail, NGRAM_KINDS),
    }),
    companions: { shapes: companionShapes, tensors: companionTensors, read: companionsFrom },
    .../* @__PURE__ */ textTensors<MultiLabelModel>(({ labels }) => labels.length),
  },
};

function settingsIn(
  metadata: Metadata,
  fail: Fail,
  labels: number,
): Pick<MultiLabelModel, "separator" | "threshold" | "thresholds"> {
  const separator = metadata.text("separator") ?? "", threshold = metadata.json("threshold");
  const isThreshold = (value: unknown): value is number =>
    typeof value === "number" && value > 0 && value < 1;
  if (separator.trim() !== "" && isThreshold(threshold)) {
    if (metadata.text("thresholds") === undefined) return { separator, threshold };
    const thresholds = metadata.json("thresholds", labels + 1);
    const isOfLabels = Array.isArray(thresholds) && thresholds.length === labels;
    if (isOfLabels && thresholds.every(isThreshold)) return { separator, threshold, thresholds };
  }
  return fail("is damaged: it should have a label separator, and a threshold between 0 and 1");
}
