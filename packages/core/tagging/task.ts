/**
 * The task of giving each word of a text a label.
 *
 * @module
 */
import { encodeLabeled, labelReader, type LabelSplit } from "../classification/encode.ts";
import { evaluateLabels, type Evaluation } from "../classification/evaluate.ts";
import { classification, readWords, tokenizerOf, wordIds } from "../classification/task.ts";
import { labelTraining } from "../classification/training.ts";
import { logitsAfterWords, stackPass } from "../classification/inspection.ts";
import type { Example } from "../data/examples.ts";
import { poolingOf } from "../network/head.ts";
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import { quote } from "../printable.ts";
import type { Sequence } from "../sequence.ts";
import type { EncodeOptions, Task } from "../task.ts";
import { tokenize } from "../text/tokenizer.ts";
import { splitTags, type TaggingModel } from "./model.ts";
import { predictTags, type Tag } from "./predict.ts";

const TAGS: LabelSplit = {
  split: splitTags,
  check(text, words, label) {
    const tags = splitTags(label).length;
    if (tags === words) return undefined;
    return `the text ${quote(text)} has ${words} words and ${tags} labels; ` +
      "give one for each, with spaces between them";
  },
};

/** The task of models made by `createModel` with the head `token`. */
export const tagging: Task<TaggingModel, Tag[], never, Evaluation> = {
  name: "tagging",
  models: "tagging models",
  usage: "this is a tagging model, which labels each word; use predict()",
  trainOptions: ["labelWeights", "fineTuning"],
  shapes: ({ config, vocabulary, labels }) =>
    weightShapes(config, vocabulary.length, labels.length),
  encode: encodeTagged,
  training: labelTraining,
  predict: predictTags,
  evaluate: (on, examples) =>
    evaluateLabels(
      on,
      examples,
      encodeTagged(on.model, examples, { mayBeUnseen: true }),
      { labelsIn: TAGS, wordOf: (text, t) => tokenize(text, on.model.tokenizer)[t] },
    ),
  reader: /* @__PURE__ */ labelReader(TAGS),
  stream: { idOf: wordIds },
  file: {
    claims: (task, config) =>
      (task === undefined || task === tagging.name || task === classification.name) &&
      poolingOf(config).isPerStep,
    keys: ["tokenizer"],
    metadata: ({ tokenizer }) => ({ tokenizer: JSON.stringify(tokenizer) }),
    read: (header, metadata, fail) => ({
      task: "tagging",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
    }),
    torchShapes: ({ config, vocabulary, labels }) =>
      torchShapes(config, vocabulary.length, labels.length),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
  },
  inspection: {
    read: readWords,
    stack: (weights) => weights,
    logits: logitsAfterWords,
    pass: stackPass,
  },
};

function encodeTagged(
  model: TaggingModel,
  examples: Sequence<Example>,
  options?: EncodeOptions,
) {
  return encodeLabeled(model, examples, TAGS, options);
}
