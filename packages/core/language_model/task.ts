/**
 * The language-modeling task: predict a text symbol by symbol.
 *
 * @module
 */
import { logitsAfterWords, stackPass } from "../classification/inspection.ts";
import type { Shape } from "../backend.ts";
import { poolingOf } from "../network/head.ts";
import { weightShapes } from "../network/shapes.ts";
import { stateNames } from "../network/states.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import type { Task } from "../task.ts";
import { EOS } from "../text/marks.ts";
import { readSymbols, symbolRead } from "../text/read_symbols.ts";
import {
  htmlRuleOf,
  joinSymbols,
  normalizationOf,
  SYMBOL_UNITS,
  symbolReaderOf,
  unitOf,
} from "../text/symbols.ts";
import { DEFAULT_TOKENIZER } from "../text/tokenizer.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import { documentProblem, encodeDocuments, startsOf } from "./encode.ts";
import { evaluateDocuments, type LanguageModelEvaluation } from "./measure.ts";
import type { LanguageModel } from "./model.ts";
import { documentTraining } from "./training.ts";

/** The language-modeling task, of the models that `createLanguageModel` creates. */
export const languageModel: Task<LanguageModel, never, never, LanguageModelEvaluation> = {
  name: "language-model",
  models: "language models",
  usage: "this is a language model; use generate()",
  trainOptions: ["timeSteps"],
  shapes: ({ config, vocabulary, labels }) =>
    weightShapes(config, vocabulary.length, labels.length),
  encode: encodeDocuments,
  reader: {
    tokens: (reading, text) => readSymbols(text, symbolReaderOf(reading)),
    labelTokens: (_, label) => [label],
    problem: ({ length }) => documentProblem(length),
    text: (symbols, reading) => joinSymbols(symbols, symbolReaderOf(reading).unit),
    label: ([label]) => label,
  },
  training: documentTraining,
  evaluate: evaluateDocuments,
  stream: {
    idOf({ vocabulary, normalization }) {
      const index = indexWords(vocabulary);
      return (symbol) => index.get(symbolRead(symbol, { normalization })) ?? 0;
    },
    start: (model, label) => startsOf(model, indexWords(model.vocabulary))(label),
  },
  file: {
    claims: (task) => task === languageModel.name,
    keys: ["task", "unit", "normalization", "html", "tokenizer"],
    metadata: ({ task, unit, normalization, html }) => ({
      task,
      unit,
      ...(normalization && { normalization }),
      ...(html && { html }),
      tokenizer: JSON.stringify(DEFAULT_TOKENIZER),
    }),
    read({ config, vocabulary, labels }, metadata, fail) {
      const unit = unitOf(metadata.text("unit")) ??
        fail(`is damaged: its unit should be ${SYMBOL_UNITS.join(" or ")}`);
      if (!poolingOf(config).isPerStep || config.frozen) {
        fail("is damaged: its head should be token");
      }
      if (config.bidirectional) fail("is damaged: a language model cannot be bidirectional");
      const end = vocabulary.indexOf(EOS);
      const isPrefix = labels.every((label, id) => label === vocabulary[id]);
      if (!isPrefix || labels.length < end || labels.length > end + 1) {
        fail(`is damaged: its labels should be its symbols up to ${EOS}`);
      }
      const form = {
        ...normalizationOf(metadata.text("normalization"), fail),
        ...htmlRuleOf(metadata.text("html"), fail),
      };
      return { task: "language-model", unit, ...form, config, vocabulary, labels };
    },
    torchShapes: ({ config, vocabulary, labels }) =>
      torchShapes(config, vocabulary.length, labels.length),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
    carriedShapes: ({ config }, streams) => {
      const shape: Shape = [streams, config.hidden];
      return Object.fromEntries(stateNames(config).flat().map((name) => [name, shape]));
    },
  },
  inspection: {
    read(model, text, label) {
      const { vocabulary } = model;
      const index = indexWords(vocabulary);
      const words = readSymbols(text, model);
      const start = startsOf(model, index)(label);
      return {
        words: [vocabulary[start], ...words],
        ids: Int32Array.of(start, ...encode(words, index)),
      };
    },
    stack: (weights) => weights,
    logits: logitsAfterWords,
    pass: stackPass,
  },
};
