/**
 * Every cell in the table supports all features of a network: a new cell needs its file and its
 * line in the table, but no change here.
 *
 * @module
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  CELL_NAMES,
  type CellName,
  cellOf,
  createLanguageModel,
  createModel,
  createPredictor,
  createTranslationModel,
  type Example,
  fit,
  type FloatArray,
  generate,
  gradientNorms,
  type Model,
  type ModelOptions,
  predict,
  readCheckpoint,
  readModel,
  traceGradients,
  traceSteps,
  traceText,
  train,
  type TrainOptions,
  type Weights,
  weightShapes,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { fromTorch, torchShapes, toTorch } from "@unroll/core/network";

const EXAMPLES: Example[] = [
  { text: "good", label: "up" },
  { text: "not good", label: "down" },
  { text: "it is so good", label: "up" },
  { text: "bad", label: "down" },
  { text: "not bad at all", label: "up" },
  { text: "it is not so good", label: "down" },
];
const TEXTS = EXAMPLES.map(({ text }) => text);
const PAIRS = TEXTS.map((text) => ({ text, label: text.slice(0, 4).toUpperCase() }));
const TRAINING = {
  epochs: 12,
  batchSize: 2,
  optimizer: { name: "adam" },
  learningRate: 0.02,
} as const;

/** The networks that each cell is tested in. */
const NETWORKS: Record<string, ModelOptions & { head?: "last" | "mean" | "max" }> = {
  "plain": {},
  "bidirectional": { bidirectional: true, head: "mean" },
  "two layers on an embedding": { layers: 2, embedding: 5, head: "max", dropout: 0.2 },
  "two bidirectional layers": { layers: 2, bidirectional: true },
};

const created = (cell: CellName, network: string) =>
  createModel(EXAMPLES, { cell, hidden: 6, init: "scaled", ...NETWORKS[network] });

/** The loss of each epoch. */
async function lossesOf(model: Model, examples: readonly Example[], options: TrainOptions) {
  const losses: number[] = [];
  for await (const event of train(createCpuBackend(), model, examples, options)) {
    if (event.type === "epoch") losses.push(event.train.loss);
  }
  return losses;
}

async function readAgain<M extends Model>(model: M): Promise<M> {
  return await readModel(new Blob([writeModel(model)])) as M;
}

for (const cell of CELL_NAMES) {
  for (const network of Object.keys(NETWORKS)) {
    Deno.test(`${cell}, ${network}: the loss falls, and a file keeps the predictions`, async () => {
      const model = created(cell, network);
      const losses = await lossesOf(model, EXAMPLES, { ...TRAINING, epochs: 60 });
      assertGreater(losses[0], 1.5 * losses[losses.length - 1], losses.join(" "));
      const read = await readAgain(model);
      assertEquals(read, model);
      const backend = createCpuBackend();
      assertEquals(await predict(backend, read, TEXTS), await predict(backend, model, TEXTS));
    });

    Deno.test(`${cell}, ${network}: a checkpoint resumes bit for bit`, async () => {
      const whole = created(cell, network);
      const options = { ...TRAINING, epochs: 4, checkpointEvery: 4 }; // also within epochs
      const files: Uint8Array<ArrayBuffer>[] = [];
      for await (const event of train(createCpuBackend(), whole, EXAMPLES, options)) {
        if (event.type === "checkpoint") files.push(writeCheckpoint(event.checkpoint));
      }
      assertGreater(files.length, 4);
      for (const file of files.slice(0, 3)) {
        const { checkpoint: resume } = await readCheckpoint(new Blob([file]));
        const resumed = created(cell, network);
        await fit(createCpuBackend(), resumed, EXAMPLES, { ...options, resume });
        assertEquals(resumed.weights, whole.weights);
      }
    });

    Deno.test(`${cell}, ${network}: the weights survive conversion to PyTorch's names`, () => {
      const { config, vocabulary, labels, weights } = created(cell, network);
      const numbered = distinct(weights);
      const stored = toTorch(config, numbered);
      const shapes = torchShapes(config, vocabulary.length, labels.length);
      assertEquals(
        Object.fromEntries(Object.entries(stored).map(([name, { shape }]) => [name, [...shape]])),
        shapes,
      );
      assertEquals(fromTorch(config, (name) => stored[name].data), numbered);
      const names = Object.keys(weightShapes(config, vocabulary.length, labels.length));
      assertEquals(Object.keys(numbered).sort(), names.sort());
    });

    Deno.test(`${cell}, ${network}: inspection shows its states, gates and gradients`, async () => {
      const backend = createCpuBackend();
      const model = created(cell, network);
      const { layers, bidirectional, hidden } = model.config;
      const text = "it is so good", words = 4;
      const steps = await traceSteps(backend, model, text);
      assertEquals(steps.layers.map(({ length }) => length), [
        ...Array.from({ length: layers }, () => bidirectional ? 2 : 1),
      ]);
      for (const { states, cells, gates } of steps.layers.flat()) {
        assertEquals(states.length, words * hidden);
        assertEquals(cells !== undefined, cellOf(cell).hasCellState);
        assertEquals(Object.keys(gates), [...cellOf(cell).traced]);
        for (const numbers of Object.values(gates)) assertEquals(numbers.length, words * hidden);
      }
      const { predictions } = await traceText(backend, model, text);
      const [{ label }] = await predict(backend, model, [text]);
      assertEquals([predictions.length, predictions[words - 1].label], [words, label]);
      const gradients = await traceGradients(backend, model, EXAMPLES[2]);
      assertEquals(Object.keys(gradients.weights).sort(), Object.keys(model.weights).sort());
      assert(Number.isFinite(gradients.norm) && gradients.norm > 0);
      const norms = await gradientNorms(backend, model, EXAMPLES);
      assert(norms.some((norm) => norm > 0));
      assertEquals(backend.live, 0);
    });
  }

  Deno.test(`${cell}: taggers, language models and translation models learn`, async () => {
    const tagged = TEXTS.map((text) => ({ text, label: text.replaceAll(/\S+/g, (w) => w[0]) }));
    const tagger = createModel(tagged, { cell, hidden: 8, head: "token", init: "scaled" });
    const language = createLanguageModel(EXAMPLES, { cell, hidden: 8, layers: 2 });
    const translator = createTranslationModel(PAIRS, { cell, hidden: 8, embedding: 4 });
    const kinds: [Model, readonly Example[]][] = [
      [tagger, tagged],
      [language, EXAMPLES],
      [translator, PAIRS],
    ];
    for (const [model, examples] of kinds) {
      const losses = await lossesOf(model, examples, TRAINING);
      assertGreater(losses[0], 1.1 * losses[losses.length - 1], `${model.task}: ${losses}`);
      assertEquals(await readAgain(model), model);
    }
    const backend = createCpuBackend();
    const [again] = await predict(backend, await readAgain(translator), ["good"]);
    assertEquals([again], await predict(backend, translator, ["good"]));
    const write = (model: typeof language) =>
      Array.fromAsync(generate(backend, model, { length: 12, temperature: 0 }));
    assertEquals(await write(await readAgain(language)), await write(language));
    assertEquals(backend.live, 0);
  });

  Deno.test(`${cell}: streaming word by word equals predicting the whole text`, async () => {
    const backend = createCpuBackend();
    const model = created(cell, "plain");
    await fit(backend, model, EXAMPLES, TRAINING);
    using predictor = createPredictor(backend, model);
    using stream = predictor.stream();
    const words = ["it", "is", "not", "so", "good"];
    for (const [t, word] of words.entries()) {
      const { probabilities } = await stream.step(word);
      const [whole] = await predictor.predict([words.slice(0, t + 1).join(" ")]);
      for (const [i, label] of model.labels.entries()) {
        assert(Math.abs(probabilities[i] - whole.probabilities[label]) < 1e-6);
      }
    }
  });
}

/** Returns weights that are all different, so that a mix-up is noticed. */
function distinct(weights: Weights<FloatArray>): Weights<FloatArray> {
  let at = 0;
  return Object.fromEntries(
    Object.entries(weights).map(([name, numbers]) => [name, numbers.map(() => ++at) as FloatArray]),
  );
}
