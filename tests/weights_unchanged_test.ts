/**
 * While the layout of core changes, these runs keep their weights, bit for bit.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type CpuBackendOptions, createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  createModel,
  createTranslationModel,
  type Example,
  type Model,
  train,
  type TrainOptions,
} from "@unroll/core";
import expected from "./weights_unchanged.json" with { type: "json" };

const SENTENCES: Example[] = Array.from({ length: 24 }, (_, i) => {
  const words = ["not", "so", "very", "good", "bad", "fine", "it", "is"];
  const length = 2 + (i * 5) % 7;
  const text = Array.from({ length }, (_, t) => words[(i * 3 + t * t + t) % 8]).join(" ");
  return { text, label: i % 3 === 0 ? "up" : "down" };
});
const TAGGED = SENTENCES.map(({ text }) => ({
  text,
  label: text.split(" ").map((word) => word.length > 2 ? "LONG" : "SHORT").join(" "),
}));
const TEXT: Example[] = [{ text: SENTENCES.map(({ text }) => text).join(". "), label: "" }];
const PAIRS = SENTENCES.map(({ text }) => ({ text, label: text.toUpperCase().slice(0, 6) }));

type Run = { model: () => Model; examples: Example[]; training: TrainOptions };
const adam = { optimizer: { name: "adam" }, learningRate: 0.01 } as const;
const classify = (options: Parameters<typeof createModel>[1], training: TrainOptions): Run => ({
  model: () => createModel(SENTENCES, options),
  examples: SENTENCES,
  training: { epochs: 3, ...training },
});

const RUNS: Record<string, Run> = {
  "article": classify({}, { epochs: 20 }),
  "rnn relu sgd momentum": classify({ activation: "relu", init: "scaled" }, {
    optimizer: { name: "sgd", momentum: 0.9, weightDecay: 0.01 },
    batchSize: 4,
  }),
  "rnn tanh two layers adam": classify({ layers: 2, hidden: 20, init: "scaled" }, {
    ...adam,
    batchSize: 5,
  }),
  "lstm last": classify({ cell: "lstm", hidden: 24 }, { ...adam, batchSize: 4 }),
  "lstm bidirectional mean embedding": classify(
    { cell: "lstm", hidden: 17, bidirectional: true, head: "mean", embedding: 9 },
    { ...adam, batchSize: 4, clip: Infinity, clipNorm: 1 },
  ),
  "gru max dropout": classify(
    { cell: "gru", hidden: 32, bidirectional: true, head: "max", embedding: 32, dropout: 0.5 },
    { ...adam, batchSize: 8, clipNorm: 1, clip: Infinity },
  ),
  "gru two layers rmsprop cosine": classify({ cell: "gru", layers: 2, hidden: 12 }, {
    optimizer: { name: "rmsprop" },
    learningRate: 0.003,
    schedule: { name: "cosine", warmUp: 3 },
    batchSize: 3,
  }),
  "adamw step schedule validation": {
    model: () => createModel(SENTENCES, { cell: "gru", hidden: 8, embedding: 5 }),
    examples: SENTENCES,
    training: {
      epochs: 6,
      optimizer: { name: "adamw", weightDecay: 0.1 },
      schedule: { name: "step", every: 2 },
      batchSize: 4,
      validation: SENTENCES.slice(0, 6),
      patience: 2,
    },
  },
  "tagger lstm": {
    model: () =>
      createModel(TAGGED, { cell: "lstm", hidden: 12, head: "token", bidirectional: true }),
    examples: TAGGED,
    training: { ...adam, epochs: 3, batchSize: 4 },
  },
  "tagger rnn embedding": {
    model: () => createModel(TAGGED, { hidden: 12, head: "token", embedding: 6, init: "scaled" }),
    examples: TAGGED,
    training: { ...adam, epochs: 3, batchSize: 1 },
  },
  "language model lstm": {
    model: () => createLanguageModel(TEXT, { hidden: 24 }),
    examples: TEXT,
    training: { ...adam, epochs: 3, batchSize: 3, timeSteps: 16 },
  },
  "language model gru words": {
    model: () =>
      createLanguageModel(SENTENCES, { cell: "gru", unit: "words", hidden: 16, embedding: 8 }),
    examples: SENTENCES,
    training: { ...adam, epochs: 3, batchSize: 4, timeSteps: 12 },
  },
  "language model from label": {
    model: () =>
      createLanguageModel(SENTENCES, { hidden: 16, fromLabel: true, dropout: 0.2, layers: 2 }),
    examples: SENTENCES,
    training: { ...adam, epochs: 2, batchSize: 4, timeSteps: 60 },
  },
  "language model rnn": {
    model: () => createLanguageModel(TEXT, { cell: "rnn", hidden: 16, layers: 2 }),
    examples: TEXT,
    training: { ...adam, epochs: 2, batchSize: 2, timeSteps: 20 },
  },
  "translation gru attention": {
    model: () => createTranslationModel(PAIRS, { hidden: 16, embedding: 8, bidirectional: true }),
    examples: PAIRS,
    training: { ...adam, epochs: 3, batchSize: 4 },
  },
  "translation lstm no attention": {
    model: () =>
      createTranslationModel(PAIRS, {
        cell: "lstm",
        hidden: 16,
        embedding: 0,
        attention: "none",
        layers: 2,
      }),
    examples: PAIRS,
    training: { ...adam, epochs: 2, batchSize: 4 },
  },
  "translation scheduled sampling": {
    model: () => createTranslationModel(PAIRS, { cell: "rnn", hidden: 16, dropout: 0.2 }),
    examples: PAIRS,
    training: {
      ...adam,
      epochs: 2,
      batchSize: 6,
      teacherForcing: 0.5,
      validation: PAIRS.slice(0, 4),
    },
  },
};

const BACKENDS: Record<string, CpuBackendOptions> = {
  "simd": { threads: 1 },
  "simd on 3 threads": { threads: 3 },
  "plain": { kernels: "plain" },
  "float64": { dtype: "float64" },
};
const OFTEN = ["article", "gru max dropout", "language model lstm", "translation gru attention"];

function hashOf({ weights }: Model): string {
  let hash = 0xcbf29ce484222325n;
  for (const name of Object.keys(weights).sort()) {
    const { buffer, byteOffset, byteLength } = weights[name];
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16);
}

const found: Record<string, string> = {};
for (const [on, options] of Object.entries(BACKENDS)) {
  for (const [name, { model: create, examples, training }] of Object.entries(RUNS)) {
    if (on !== "simd" && on !== "float64" && !OFTEN.includes(name)) continue;
    Deno.test(`weights: ${name} on ${on}`, async () => {
      const model = create();
      const backend = createCpuBackend(options);
      const key = `${name} on ${on === "simd on 3 threads" ? "simd" : on} (${backend.kernels})`;
      for await (const _ of train(backend, model, examples, training));
      found[key] = hashOf(model);
      const known = (expected as Record<string, string>)[key];
      if (known !== undefined || Object.keys(expected).length > 0) assertEquals(found[key], known);
    });
  }
}
globalThis.addEventListener("unload", () => {
  if (Object.keys(expected).length === 0) console.log(JSON.stringify(found, null, 2));
});
