/**
 * The task of giving each word of a text a label.
 *
 * @module
 */
import { encodeLabeled, labeledProblem, type LabelSplit } from "../classification/encode.ts";
import { evaluateLabels, type Evaluation } from "../classification/evaluate.ts";
import { LABELED, LABELED_FILE, tokenizerOf } from "../classification/labeled.ts";
import { classification } from "../classification/task.ts";
import type { Example } from "../data/examples.ts";
import { poolingOf } from "../network/head.ts";
import { quote } from "../printable.ts";
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
  ...LABELED,
  name: "tagging",
  models: "tagging models",
  usage: "this is a tagging model, which labels each word; use predict()",
  encode: encodeTagged,
  predict: predictTags,
  evaluate: (on, examples) =>
    evaluateLabels(
      on,
      examples,
      encodeTagged(on.model, examples, { mayBeUnseen: true }),
      { labelsIn: TAGS, wordOf: (text, t) => tokenize(text, on.model.tokenizer)[t] },
    ),
  problem: ({ tokenizer }, example) =>
    labeledProblem(tokenize(example.text, tokenizer).length, example, TAGS),
  file: {
    claims: (task, config) =>
      (task === undefined || task === tagging.name || task === classification.name) &&
      poolingOf(config).isPerStep,
    ...LABELED_FILE,
    read: (header, metadata, fail) => ({
      task: "tagging",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
    }),
  },
};

function encodeTagged(
  model: TaggingModel,
  examples: readonly Example[],
  options?: EncodeOptions,
) {
  return encodeLabeled(model, examples, TAGS, options);
}
