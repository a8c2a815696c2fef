/**
 * The translation task: translate a text into another one.
 *
 * @module
 */
import { poolingOf } from "../network/head.ts";
import { withoutPrefix } from "../network/weights.ts";
import type { Task } from "../task.ts";
import { EOS } from "../text/marks.ts";
import { readSymbols } from "../text/read_symbols.ts";
import {
  htmlRuleOf,
  joinSymbols,
  normalizationOf,
  SYMBOL_UNITS,
  symbolReaderOf,
  unitOf,
} from "../text/symbols.ts";
import { DEFAULT_TOKENIZER } from "../text/tokenizer.ts";
import { encode, indexWords, UNKNOWN } from "../text/vocabulary.ts";
import { encodePairs, pairProblem } from "./encode.ts";
import type { TranslationModel } from "./model.ts";
import {
  type Attention,
  ENCODER,
  seq2seqBackward,
  seq2seqForward,
  seq2seqShapes,
} from "./network.ts";
import { arrangePairs, uploadPairs } from "./pairs.ts";
import {
  evaluateTranslations,
  type TranslateOptions,
  translateTexts,
  type Translation,
  type TranslationEvaluation,
} from "./predict.ts";
import { translationFromTorch, translationTorchShapes, translationToTorch } from "./torch_names.ts";
import { pairTraining } from "./training.ts";

const ATTENTIONS: readonly Attention[] = ["dot", "none"];

/** The translation task, of the models that `createTranslationModel` creates. */
export const translation: Task<
  TranslationModel,
  Translation,
  TranslateOptions,
  TranslationEvaluation
> = {
  name: "translate",
  models: "translation models",
  usage: "this is a translation model; use predict()",
  trainOptions: ["teacherForcing"],
  shapes: ({ config, attention, vocabulary, labels }) =>
    seq2seqShapes(config, attention, vocabulary.length, labels.length),
  encode: encodePairs,
  reader: {
    tokens: (reading, text) => readSymbols(text, symbolReaderOf(reading)),
    labelTokens: (reading, label) => readSymbols(label, symbolReaderOf(reading)),
    problem: (source, target, pair, reading) =>
      pairProblem(source.length, target.length, pair, symbolReaderOf(reading).unit),
    text: (symbols, reading) => joinSymbols(symbols, symbolReaderOf(reading).unit),
    label: (symbols, reading) => joinSymbols(symbols, symbolReaderOf(reading).unit),
  },
  training: pairTraining,
  predict: translateTexts,
  evaluate: evaluateTranslations,
  file: {
    claims: (task) => task === translation.name,
    keys: ["task", "unit", "normalization", "html", "attention", "tokenizer"],
    metadata: ({ task, unit, normalization, html, attention }) => ({
      task,
      unit,
      ...(normalization && { normalization }),
      ...(html && { html }),
      attention,
      tokenizer: JSON.stringify(DEFAULT_TOKENIZER),
    }),
    read({ config, vocabulary, labels }, metadata, fail) {
      const unit = unitOf(metadata.text("unit")) ??
        fail(`is damaged: its unit should be ${SYMBOL_UNITS.join(" or ")}`);
      const attention = ATTENTIONS.find((each) => each === metadata.text("attention")) ??
        fail("is damaged: its attention should be dot or none");
      if (!poolingOf(config).isPerStep || config.frozen) {
        fail("is damaged: its head should be token");
      }
      if (labels.at(-1) !== EOS || labels[0] !== UNKNOWN) {
        fail(`is damaged: its labels should be symbols between ${UNKNOWN} and ${EOS}`);
      }
      const form = {
        ...normalizationOf(metadata.text("normalization"), fail),
        ...htmlRuleOf(metadata.text("html"), fail),
      };
      return { task: "translate", unit, ...form, attention, config, vocabulary, labels };
    },
    torchShapes: translationTorchShapes,
    toTorch: ({ config }, weights) => translationToTorch(config, weights),
    fromTorch: translationFromTorch,
  },
  inspection: {
    read(model, text) {
      const words = readSymbols(text, model);
      return { words, ids: encode(words, indexWords(model.vocabulary)) };
    },
    stack: (weights) => withoutPrefix(ENCODER, weights),
    pass({ ops, model: { config, vocabulary }, weights }, example) {
      const pairs = arrangePairs([example], example.words.length, vocabulary.length);
      const batch = uploadPairs(ops, config, weights, pairs);
      const pass = seq2seqForward(ops, config, weights, batch);
      return {
        logits: pass.decoded.logits,
        targets: example.labels,
        backward: (dLogits) => seq2seqBackward(ops, config, weights, batch, pass, dLogits),
      };
    },
  },
};
