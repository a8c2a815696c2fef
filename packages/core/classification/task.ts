/**
 * The task of giving a text one of some labels.
 *
 * @module
 */
import { poolingOf } from "../network/head.ts";
import type { EncodeOptions, Task } from "../task.ts";
import { tokenize } from "../text/tokenizer.ts";
import { encodeLabeled, labeledProblem, type LabelSplit } from "./encode.ts";
import { evaluateLabels, type Evaluation } from "./evaluate.ts";
import { LABELED, LABELED_FILE, tokenizerOf } from "./labeled.ts";
import type { ClassificationModel } from "./model.ts";
import { type Prediction, predictLabels } from "./predict.ts";

const ONE_LABEL: LabelSplit = { split: (label) => [label] };

/** The task of models made by `createModel`. */
export const classification: Task<ClassificationModel, Prediction, never, Evaluation> = {
  ...LABELED,
  name: "classification",
  models: "classification models",
  usage: "this is a classification model; use predict()",
  encode: encodeClassified,
  predict: predictLabels,
  problem: ({ tokenizer }, example) =>
    labeledProblem(tokenize(example.text, tokenizer).length, example, ONE_LABEL),
  evaluate: (on, examples) =>
    evaluateLabels(on, examples, encodeClassified(on.model, examples, { mayBeUnseen: true }), {
      labelsIn: ONE_LABEL,
    }),
  file: {
    claims: (task, config) =>
      (task === undefined || task === classification.name) && !poolingOf(config).isPerStep,
    ...LABELED_FILE,
    read: (header, metadata, fail) => ({
      task: "classification",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
    }),
  },
};

function encodeClassified(
  model: ClassificationModel,
  examples: Parameters<Task["encode"]>[1],
  options?: EncodeOptions,
) {
  return encodeLabeled(model, examples, ONE_LABEL, options);
}
