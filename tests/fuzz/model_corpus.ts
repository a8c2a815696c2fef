/** Small models and checkpoints of every task, trained for a few steps. */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createForecaster,
  createLanguageModel,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  createSeriesClassifier,
  createSeriesRegressor,
  createTranslationModel,
  type DType,
  type Example,
  type Model,
  type Series,
  train,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";

/** The training examples. */
export type Given = Example | Series;

/** A file to damage, and its source. */
export interface ModelSeed {
  name: string;
  dtype: DType;
  examples: Given[];
  validation?: Given[];
  model: Model;
  checkpoint: Checkpoint<Model>;
  /** The files: the model's, and the checkpoint's. */
  files: { model: Uint8Array; checkpoint: Uint8Array };
}

const sentences: Example[] = [
  { text: "good", label: "up" },
  { text: "not good", label: "down" },
  { text: "bad, so bad", label: "down" },
  { text: "not bad at all", label: "up" },
];
const tagged: Example[] = [
  { text: "meet ann at noon", label: "O PERSON O TIME" },
  { text: "call bob", label: "O PERSON" },
];
const documents: Example[] = [{ text: "abracadabra ".repeat(4) }];
const written: Example[] = [
  { text: "aab", label: "up" },
  { text: "bba", label: "down" },
];
const pairs: Example[] = ["ab", "ba", "aab", "b"].map((text) => ({
  text,
  label: text.toUpperCase(),
}));

/** Returns waves with a label or a number. */
const waves = (labels: readonly string[]): Series[] =>
  labels.map((label, i) => ({
    columns: ["x", "y"],
    values: [1, 2].map((k) => Float64Array.from({ length: 9 + i }, (_, t) => Math.sin(k * t + i))),
    label,
  }));
const labeled = waves(["up", "down", "down", "up"]), measured = waves(["1", "2.5", "-3"]);
const long: Series[] = [{
  columns: ["sold", "rain"],
  values: [3, 5].map((k) =>
    Float64Array.from({ length: 40 }, (_, t) => 5 + Math.sin(t / k) + t / 9)
  ),
}];

const numbers: Example[] = sentences.map((each, i) => ({ ...each, label: `${i * i - 2.5}` }));
const several: Example[] = sentences.map((each, i) => ({ ...each, label: i % 2 ? "a" : "a;b" }));

/** How a model is created. */
interface Recipe {
  name: string;
  examples: Given[];
  create: () => Model;
  options?: TrainOptions<Given>;
}

const adam = { optimizer: { name: "adam" }, learningRate: 0.01 } as const;

/** How the models are created. */
export const RECIPES: readonly Recipe[] = [
  {
    name: "rnn",
    examples: sentences,
    create: () => createModel(sentences, { hidden: 4, init: "scaled" }),
    options: { validation: sentences, patience: 3, labelWeights: "balanced" },
  },
  {
    name: "deep lstm",
    examples: sentences,
    create: () =>
      createModel(sentences, {
        cell: "lstm",
        hidden: 2,
        layers: 2,
        bidirectional: true,
        embedding: 2,
        dropout: 0.2,
        head: "mean",
      }),
    options: { ...adam, batchSize: 2, schedule: { name: "plateau", warmUp: 2 } },
  },
  {
    name: "frozen gru",
    examples: sentences,
    create: () =>
      createModel(sentences, { cell: "gru", hidden: 3, embedding: 2, frozen: true, head: "max" }),
    options: { optimizer: { name: "rmsprop" }, clipNorm: 1, labelWeights: { up: 2 } },
  },
  {
    name: "tagger on letters",
    examples: tagged,
    create: () => createModel(tagged, { hidden: 2, head: "token", embedding: 2, letters: 1 }),
    options: adam,
  },
  {
    name: "tagger",
    examples: tagged,
    create: () => createModel(tagged, { cell: "gru", hidden: 3, head: "token", embedding: 2 }),
    options: { ...adam, schedule: { name: "cosine" } },
  },
  {
    name: "tagger with a CRF",
    examples: tagged,
    create: () => createModel(tagged, { cell: "gru", hidden: 3, head: "token", crf: true }),
    options: adam,
  },
  {
    name: "language model",
    examples: documents,
    create: () => createLanguageModel(documents, { cell: "lstm", hidden: 3 }),
    options: { ...adam, timeSteps: 4, batchSize: 2, shuffle: false },
  },
  {
    name: "language model of words",
    examples: [...documents, { text: "to be" }],
    create: () =>
      createLanguageModel([{ text: "to be or not to be" }], {
        cell: "gru",
        hidden: 3,
        layers: 2,
        unit: "words",
        embedding: 2,
      }),
    options: { timeSteps: 2, optimizer: { name: "sgd", momentum: 0.9 } },
  },
  {
    name: "writer from labels",
    examples: written,
    create: () =>
      createLanguageModel(written, { cell: "rnn", hidden: 4, fromLabel: true, unit: "graphemes" }),
    options: { timeSteps: 2 },
  },
  {
    name: "translator",
    examples: pairs,
    create: () => createTranslationModel(pairs, { hidden: 3, embedding: 2 }),
    options: { ...adam, batchSize: 2, validation: pairs.slice(0, 2), teacherForcing: 0.5 },
  },
  {
    name: "translator without attention",
    examples: pairs,
    create: () =>
      createTranslationModel(pairs, {
        cell: "lstm",
        hidden: 2,
        embedding: 2,
        bidirectional: true,
        attention: "none",
      }),
    options: { optimizer: { name: "adamw", weightDecay: 0.01 } },
  },
  {
    name: "numbers for texts",
    examples: numbers,
    create: () => createRegressor(numbers, { cell: "gru", hidden: 3 }),
    options: adam,
  },
  {
    name: "several labels",
    examples: several,
    create: () => createMultiLabelClassifier(several, { cell: "gru", hidden: 3 }),
    options: adam,
  },
  {
    name: "labels for series",
    examples: labeled,
    create: () => createSeriesClassifier(labeled, { hidden: 2, segment: 2 }),
    options: { ...adam, batchSize: 2, validation: labeled.slice(1) },
  },
  {
    name: "numbers for series",
    examples: measured,
    create: () => createSeriesRegressor(measured, { hidden: 2, bidirectional: false }),
    options: adam,
  },
  {
    name: "forecaster",
    examples: long,
    create: () =>
      createForecaster(long, {
        ...{ targets: ["sold"], knownAhead: ["rain"], hidden: 2 },
        ...{ horizon: 2, window: 8, segment: 2 },
      }),
    options: { ...adam, batchSize: 8 },
  },
];

const EPOCHS = 4;
const STEPS = 3;

/** Returns all seed files, in both data types; the same on every call. */
export async function modelSeeds(): Promise<ModelSeed[]> {
  const seeds: ModelSeed[] = [];
  for (const { name, examples, create, options } of RECIPES) {
    for (const dtype of ["float32", "float64"] as const) {
      const model = create();
      const backend = createCpuBackend({ kernels: "plain", dtype });
      const checkpoints: Checkpoint<Model>[] = [];
      const settings = { epochs: EPOCHS, checkpointEvery: 1, ...options };
      for await (const event of train(backend, model, examples as never, settings as never)) {
        if (event.type !== "checkpoint") continue;
        // In the middle of an epoch, with carried states, and at its end, with best weights.
        if (checkpoints.push(event.checkpoint) > STEPS && event.checkpoint.best) break;
        if (!options?.validation && event.checkpoint.progress.batches > 0) break;
      }
      const checkpoint = structuredClone(checkpoints.at(-1)!);
      seeds.push({
        name: `${name} of ${dtype}`,
        dtype,
        examples,
        validation: options?.validation && [...options.validation],
        model,
        checkpoint,
        files: { model: writeModel(model), checkpoint: writeCheckpoint(checkpoint) },
      });
    }
  }
  return seeds;
}
