/**
 * The classification task: predict one label for a text.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import { poolingOf } from "../network/head.ts";
import { quote } from "../printable.ts";
import type { Sequence } from "../sequence.ts";
import type { EncodeOptions, Fail, Metadata, Task } from "../task.ts";
import { normalForm, SPLITS, tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { htmlRuleOf } from "../text/symbols.ts";
import { TRUNCATE } from "../text/truncate.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import {
  companionMetadata,
  companionsFrom,
  companionShapes,
  companionsIn,
  companionTensors,
  NGRAM_KINDS,
} from "./companion_file.ts";
import { combinerOf } from "./combine.ts";
import { encodeLabeled, labelReader, type LabelSplit } from "./encode.ts";
import { evaluateLabels, type Evaluation } from "./evaluate.ts";
import { logitsAfterWords, stackPass } from "./inspection.ts";
import type { ClassificationModel } from "./model.ts";
import { type Prediction, predictLabels } from "./predict.ts";
import { labelTraining } from "./training.ts";

const ONE_LABEL: LabelSplit = { split: (label) => [label] };

/** The classification task, of the models that `createModel` creates. */
export const classification: Task<ClassificationModel, Prediction, never, Evaluation> = {
  name: "classification",
  models: "classification models",
  usage: "this is a classification model; use predict()",
  ensembles: true,
  trainOptions: ["labelWeights", "timeSteps", "fineTuning", "refit"],
  shapes: ({ config, vocabulary, labels }) =>
    weightShapes(config, vocabulary.length, labels.length),
  encode: encodeClassified,
  training: labelTraining,
  predict: predictLabels,
  reader: /* @__PURE__ */ labelReader(ONE_LABEL),
  evaluate: (on, examples) =>
    evaluateLabels(on, examples, encodeClassified(on.model, examples, { mayBeUnseen: true }), {
      labelsIn: ONE_LABEL,
      combiner: combinerOf(on.model),
    }),
  stream: { idOf: wordIds },
  file: {
    claims: (task, config) =>
      (task === undefined || task === classification.name) && !poolingOf(config).isPerStep,
    keys: ["tokenizer", "linear", "calibration"], // no spread: bundlers cannot remove one
    metadata: ({ tokenizer, ...beside }) => ({
      tokenizer: JSON.stringify(tokenizer),
      ...companionMetadata(beside),
    }),
    read: (header, metadata, fail) => ({
      task: "classification",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
      ...companionsIn(metadata, fail, NGRAM_KINDS),
    }),
    companions: { shapes: companionShapes, tensors: companionTensors, read: companionsFrom },
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

function encodeClassified(
  model: ClassificationModel,
  examples: Sequence<Example>,
  options?: EncodeOptions,
) {
  return encodeLabeled(model, examples, ONE_LABEL, options);
}

/** Returns a function from a word to its id; 0 for an unknown word. */
export function wordIds(
  { tokenizer, vocabulary }: Pick<ClassificationModel, "tokenizer" | "vocabulary">,
): (word: string) => number {
  const index = indexWords(vocabulary);
  const { lowerCase, fold, html } = tokenizer;
  return (word) => {
    const known = fold || html
      ? normalForm(word, tokenizer)
      : lowerCase
      ? word.toLowerCase()
      : word;
    return index.get(known) ?? 0;
  };
}

/** Splits a text into words, and looks up their ids. */
export function readWords(
  { tokenizer, vocabulary }: Pick<ClassificationModel, "tokenizer" | "vocabulary">,
  text: string,
): { words: string[]; ids: Int32Array } {
  const words = tokenize(text, tokenizer);
  return { words, ids: encode(words, indexWords(vocabulary)) };
}

/** Reads and checks the tokenizer in a file's metadata. */
export function tokenizerOf(metadata: Metadata, fail: Fail): TokenizerOptions {
  const value = metadata.json("tokenizer");
  const settings = (value ?? {}) as Record<string, unknown>;
  const { lowerCase, punctuation, split, fold, html, maxLength, truncate, spelling } = settings;
  const { whitespace } = settings;
  const splits: unknown[] = [undefined, ...SPLITS];
  if (spelling !== undefined && spelling !== "keep") {
    fail(`spells words by an unknown rule, ${quote(spelling)}; update Unroll`);
  }
  if (fold !== undefined && fold !== "typography") {
    fail(`folds texts by an unknown rule, ${quote(fold)}; update Unroll`);
  }
  if (whitespace !== undefined && whitespace !== "drop") {
    fail(`treats whitespace by an unknown rule, ${quote(whitespace)}; update Unroll`);
  }
  htmlRuleOf(html, fail);
  const ends: unknown[] = [undefined, ...TRUNCATE];
  const isLength = maxLength === undefined ||
    Number.isSafeInteger(maxLength) && maxLength as number > 0;
  if (!isLength || !ends.includes(truncate)) {
    fail(
      "is damaged: its tokenizer should have a maxLength of at least 1, and truncate start or end",
    );
  }
  const isTokenizer = typeof lowerCase === "boolean" &&
    (punctuation === "drop" || punctuation === "keep") && splits.includes(split);
  if (isTokenizer) return value as TokenizerOptions;
  const missing = metadata.text("tokenizer") === undefined ? ", but is missing" : "";
  return fail(`is damaged: its tokenizer should have lowerCase and punctuation${missing}`);
}
