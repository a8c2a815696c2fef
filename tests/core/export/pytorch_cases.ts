/**
 * Small models of every task, with their training examples and options.
 *
 * @module
 */
import {
  createForecaster,
  createLanguageModel,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  createSeriesClassifier,
  createSeriesRegressor,
  createTranslationModel,
  type ExampleOf,
  type Model,
  Random,
  type Series,
  type TrainOptions,
} from "@unroll/core";

/** A training run, in Unroll and with `train.py`. */
export interface Case {
  model: Model;
  // deno-lint-ignore no-explicit-any
  examples: ExampleOf<any>[];
  // deno-lint-ignore no-explicit-any
  options: TrainOptions<any>;
}

const random = new Random(3);
const below = (n: number) => Math.floor(random.uniform() * n);
const WORDS = "the a good bad very not film plot cast was is and but long dull fine".split(" ");

function sentence(): string[] {
  return Array.from({ length: 2 + below(9) }, () => WORDS[below(WORDS.length)]);
}

const sentences = Array.from({ length: 60 }, sentence);
const labeled = sentences.map((words) => ({
  text: words.join(" "),
  label: words.includes("good") ? "up" : words.includes("bad") ? "down" : "level",
}));
const tagged = sentences.map((words) => ({
  text: words.join(" "),
  label: words.map((word) => word.length > 3 ? "B-X" : word.length > 2 ? "I-X" : "O").join(" "),
}));
const numbered = sentences.map((words) => ({
  text: words.join(" "),
  label: String(words.length + words.filter((word) => word === "good").length),
}));
const several = sentences.map((words) => ({
  text: words.join(" "),
  label: ["good", "film", "was"].filter((word) => words.includes(word)).join(";") || "none",
}));
const pairs = sentences.map((words) => ({
  text: words.slice(0, 3).join(" "),
  label: words.slice(0, 3).reverse().join("").slice(0, 8),
}));
const book = [{ text: sentences.map((words) => words.join(" ")).join(". ") }];
const lines = sentences.map((words) => ({ text: words.join(" ") }));

const wave = (length: number, speed: number) =>
  Float64Array.from({ length }, (_, t) => Math.sin(t * speed) + 0.1 * random.normal());
const table: Series[] = [{
  columns: ["load", "sun", "price", "day"],
  values: [wave(160, 0.5), wave(160, 0.3), wave(160, 0.2), wave(160, 0.9)],
}];
const gestures: Series[] = Array.from({ length: 40 }, (_, i) => ({
  columns: ["x", "y"],
  values: [wave(6 + below(12), 0.2 + i % 3), wave(0, 1)],
  label: ["left", "right", "up"][i % 3],
})).map(({ columns, values: [x], label }) => ({
  columns,
  values: [x, x.map((v) => v * v)],
  label,
}));
const measured: Series[] = gestures.map((series, i) => ({ ...series, label: String(i % 7) }));

const adam = { name: "adam", dense: true } as const;
const sparse = { name: "adam" } as const;

/** Cases of every task. */
export const CASES: Record<string, Case> = {
  "the article's classifier": {
    model: createModel(labeled, { init: "scaled", hidden: 12 }),
    examples: labeled,
    options: { epochs: 1 },
  },
  "a bidirectional classifier of two layers": {
    model: createModel(labeled, {
      ...{ cell: "gru", hidden: 10, layers: 2, bidirectional: true, head: "mean-max" },
      embedding: 8,
    }),
    examples: labeled.slice(0, 50),
    options: {
      ...{ epochs: 5, batchSize: 4, learningRate: 0.01, optimizer: adam, clipNorm: 0.5 },
      ...{ schedule: { name: "cosine", warmUp: 5 }, validation: labeled.slice(50) },
    },
  },
  "a classifier of an LSTM's maxima": {
    model: createModel(labeled, { cell: "lstm", hidden: 10, head: "max", embedding: 8 }),
    examples: labeled,
    options: {
      ...{ epochs: 4, batchSize: 4, learningRate: 0.01, schedule: { name: "step", every: 2 } },
      optimizer: { name: "rmsprop", dense: true, weightDecay: 0.01 },
    },
  },
  "a classifier of last states, without shuffling": {
    model: createModel(labeled, { cell: "lstm", hidden: 10, bidirectional: true, embedding: 8 }),
    examples: labeled,
    options: {
      ...{ epochs: 4, batchSize: 4, learningRate: 0.05, shuffle: false, clip: 0.05, clipNorm: 0.1 },
      labelWeights: "balanced",
      schedule: { name: "plateau", every: 1, factor: 0.3 },
      optimizer: { name: "sgd", momentum: 0.5, dense: true },
    },
  },
  "a tagger with a CRF": {
    model: createModel(tagged, {
      ...{ cell: "lstm", hidden: 10, bidirectional: true, head: "token", crf: true },
      embedding: 8,
    }),
    examples: tagged.slice(0, 50),
    options: {
      ...{ epochs: 5, batchSize: 4, learningRate: 0.01, optimizer: adam, seed: 2 ** 40 + 7 },
      validation: tagged.slice(50),
    },
  },
  "a tagger that reads letters": {
    model: createModel(tagged, {
      ...{ cell: "gru", hidden: 10, bidirectional: true, head: "token", crf: true },
      ...{ embedding: 8, letters: 6 },
    }),
    examples: tagged.slice(0, 50),
    options: {
      ...{ epochs: 5, batchSize: 4, learningRate: 0.01, optimizer: sparse },
      validation: tagged.slice(50),
    },
  },
  "a tagger": {
    model: createModel(tagged, { activation: "relu", hidden: 10, head: "token" }),
    examples: tagged,
    options: {
      ...{ epochs: 5, batchSize: 4, learningRate: 0.01, labelWeights: { "B-X": 3 } },
      optimizer: { name: "adamw", weightDecay: 0.1, dense: true },
    },
  },
  "a language model of one text": {
    model: createLanguageModel(book, { cell: "gru", hidden: 12, embedding: 8 }),
    examples: book,
    options: {
      ...{ epochs: 5, batchSize: 4, timeSteps: 20, learningRate: 0.01, optimizer: sparse },
      validation: [{ text: book[0].text.slice(0, 300) }],
    },
  },
  "a language model of several texts": {
    model: createLanguageModel(lines, { cell: "lstm", hidden: 12, layers: 2, ends: true }),
    examples: lines,
    options: { epochs: 4, batchSize: 6, timeSteps: 12, learningRate: 0.01, optimizer: sparse },
  },
  "a language model of short texts": {
    model: createLanguageModel(lines, { cell: "rnn", hidden: 12, ends: true }),
    examples: lines,
    options: { epochs: 4, batchSize: 5, timeSteps: 100, learningRate: 0.1 },
  },
  "a language model of a layer-normalized LSTM": {
    model: createLanguageModel(book, { cell: "lnlstm", hidden: 12, layers: 2, embedding: 8 }),
    examples: book,
    options: { epochs: 4, batchSize: 4, timeSteps: 20, learningRate: 0.01, optimizer: sparse },
  },
  "a classifier of a minGRU": {
    model: createModel(labeled, {
      ...{ cell: "mingru", hidden: 10, layers: 2, bidirectional: true, head: "mean" },
      embedding: 8,
    }),
    examples: labeled,
    options: { epochs: 4, batchSize: 4, learningRate: 0.01, optimizer: sparse },
  },
  // With small steps, as layer normalization amplifies float32 rounding; float64 differs by 4e-9.
  "a translation model of layer-normalized LSTMs": {
    model: createTranslationModel(pairs, { cell: "lnlstm", hidden: 12, bidirectional: true }),
    examples: pairs,
    options: { epochs: 4, batchSize: 4, learningRate: 0.02 },
  },
  "a translation model": {
    model: createTranslationModel(pairs, {
      ...{ cell: "lstm", hidden: 12, layers: 2, bidirectional: true, embedding: 8 },
    }),
    examples: pairs.slice(0, 50),
    options: {
      ...{ epochs: 5, batchSize: 4, learningRate: 0.01, optimizer: sparse },
      validation: pairs.slice(50),
    },
  },
  "a translation model without attention": {
    model: createTranslationModel(pairs, { hidden: 12, embedding: 0, attention: "none" }),
    examples: pairs,
    options: { epochs: 4, batchSize: 4, learningRate: 0.01, optimizer: sparse },
  },
  "a forecaster": {
    model: createForecaster(table, {
      ...{ targets: ["load", "sun"], features: ["price"], knownAhead: ["day"], hidden: 10 },
      ...{ horizon: 8, window: 24, segment: 4, layers: 2 },
    }),
    examples: table,
    options: { epochs: 4, batchSize: 16, learningRate: 0.005, optimizer: sparse },
  },
  "a forecaster of one column": {
    model: createForecaster(table, {
      ...{ targets: ["load"], cell: "lstm", hidden: 10, horizon: 6, window: 12, segment: 6 },
      ...{ quantiles: [], loss: "huber" },
    }),
    examples: table,
    options: { epochs: 4, batchSize: 8, learningRate: 0.005, optimizer: sparse },
  },
  "a multi-label classifier": {
    model: createMultiLabelClassifier(several, { cell: "gru", hidden: 10, head: "max" }),
    examples: several,
    options: { epochs: 4, batchSize: 4, learningRate: 0.01, optimizer: sparse },
  },
  "a regression model": {
    model: createRegressor(numbered, { cell: "gru", hidden: 10, head: "mean", embedding: 8 }),
    examples: numbered,
    options: { epochs: 4, batchSize: 4, learningRate: 0.01, optimizer: sparse },
  },
  "a series classifier": {
    model: createSeriesClassifier(gestures, { hidden: 10, dropout: 0, noise: 0, stretch: 0 }),
    examples: gestures,
    options: { epochs: 6, batchSize: 4, learningRate: 0.01, optimizer: sparse },
  },
  "a series regression model": {
    model: createSeriesRegressor(measured, {
      ...{ cell: "lstm", head: "last", bidirectional: true, loss: "absolute" },
      ...{ hidden: 10, dropout: 0, noise: 0 },
    }),
    examples: measured,
    options: { epochs: 6, batchSize: 4, learningRate: 0.01, optimizer: sparse },
  },
};
