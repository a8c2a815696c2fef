import {
  buildDataset,
  CELL_NAMES,
  type ClassificationModel,
  createLanguageModel,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  createTranslationModel,
  evaluate,
  type Example,
  fit,
  type FloatArray,
  InputError,
  isPretrained,
  type LanguageModel,
  opsOf,
  predict,
  pretrainedTokenizer,
  readModel,
  shapesOf,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createBatch } from "#core/network/batch.ts";
import { stackForward } from "#core/network/stack.ts";
import { uploadAll } from "#core/network/weights.ts";

const backend = createCpuBackend({ dtype: "float64" });
const texts = [{ text: "a good film" }, { text: "not a good film" }, { text: "a bad one" }];
const examples: Example[] = [
  { text: "A good film!", label: "up" },
  { text: "a bad film", label: "down" },
  { text: "a fine film", label: "up" },
];
const network = { cell: "gru", hidden: 4, unit: "words", embedding: 3 } as const;

for (const cell of CELL_NAMES) {
  for (const embedding of [0, 3]) {
    Deno.test(`a classifier has the same states as its pretrained ${cell} language model, embedding ${embedding}`, async () => {
      const options = { ...network, cell, embedding, layers: 2 };
      const pretrained = createLanguageModel(texts, options);
      const model = createModel(examples, { pretrained, head: "mean-max", dropout: 0.2 });
      assertEquals(model.config, {
        ...pretrained.config,
        head: "mean-max",
        dropout: 0.2,
      });
      const known = pretrained.vocabulary.filter((word) => word !== "<start or end>");
      assertEquals(model.vocabulary, [...known, "fine"]);
      assertEquals(await statesOf(model), await statesOf(pretrained));
    });
  }
}

/** The states of all layers over a text. */
async function statesOf(model: ClassificationModel | LanguageModel): Promise<FloatArray[]> {
  const { config, vocabulary } = model;
  const ids = Int32Array.from(["a", "good", "film"], (word) => vocabulary.indexOf(word));
  const ops = opsOf(backend), weights = uploadAll(ops, shapesOf(model), model.weights);
  const { layers } = stackForward(
    ops,
    config,
    weights,
    createBatch(ops, config, [ids], vocabulary.length),
  );
  return await ops.read(layers.map(({ traces: [{ states }] }) => states));
}

Deno.test("a word that the language model lacks starts with the mean of its embeddings", () => {
  const pretrained = createLanguageModel(texts, network);
  const model = createModel(examples, { pretrained });
  const rows = model.vocabulary.map((_, id) =>
    model.weights.embedding.subarray(3 * id, 3 * id + 3)
  );
  const known = rows.slice(1, -1);
  for (let k = 0; k < 3; k++) {
    const mean = known.reduce((sum, row) => sum + row[k], 0) / known.length;
    assertAlmostEquals(rows.at(-1)![k], mean, 1e-12);
  }
});

Deno.test("pretrainedTokenizer() reads texts like the language model", () => {
  const tokenizerOf = (text: string, unit: "words" | "characters" | "graphemes" = "words") =>
    pretrainedTokenizer(createLanguageModel([{ text }], { ...network, unit }));
  assertEquals(tokenizerOf("a good film"), {
    lowerCase: true,
    punctuation: "drop",
    fold: "typography",
  });
  assertEquals(tokenizerOf("A good film, not a bad one."), {
    lowerCase: false,
    punctuation: "keep",
    split: "spaces",
  });
  assertEquals(tokenizerOf("Ab", "graphemes"), {
    lowerCase: false,
    punctuation: "keep",
    split: "graphemes",
  });
  const html = createLanguageModel([{ text: "A <b>good</b> film" }], { ...network, html: "strip" });
  assertEquals(pretrainedTokenizer(html).html, "strip");
});

Deno.test("a language model with plain normalization reads texts like a classifier, which can start from it", async () => {
  const marked = [{ text: "A good FILM, don’t" }, { text: "not a bad one!" }];
  const plain = { ...network, normalization: "plain" } as const;
  const pretrained = createLanguageModel(marked, plain);
  const known = ["a", "bad", "don't", "film", "good", "not", "one"];
  assertEquals(pretrained.vocabulary.slice(1, -1), known);
  const model = createModel(examples, { pretrained });
  assertEquals(model.tokenizer, { lowerCase: true, punctuation: "drop", fold: "typography" });
  assertEquals(model.vocabulary, ["<unk>", ...known, "fine"]);
  const read = await readModel(new Blob([writeModel(pretrained)]));
  assertEquals(read, pretrained);
  const [{ loss }, { loss: same }] = await Promise.all(
    ["A good film.", "a good film"].map((text) => evaluate(backend, pretrained, [{ text }])),
  );
  assertEquals(loss, same);
  const reading = { task: "language-model", unit: "words", normalization: "plain" } as const;
  const builder = buildDataset(reading);
  for (const each of marked) builder.add({ ...each, label: "" });
  assertEquals(createLanguageModel(builder.build(), plain), pretrained);
  assertThrows(
    () => createLanguageModel(marked, { ...plain, unit: "characters" }),
    InputError,
    'the normalization "plain" is for the unit "words", got "characters"',
  );
});

Deno.test("a classifier can start from a language model of characters", async () => {
  const pretrained = createLanguageModel(texts, { ...network, unit: "characters", embedding: 0 });
  const model = createModel(examples, { pretrained });
  assertEquals(model.vocabulary.slice(0, 3), ["<unk>", " ", "a"]);
  assertEquals(model.vocabulary.includes("A"), true);
  const [{ words }] = await predict(backend, model, ["good"]);
  assertEquals(words, 4);
});

Deno.test("a model with pretrained weights is trained, saved, read and used like any other", async () => {
  const pretrained = createLanguageModel(texts, network);
  const model = createModel(examples, { pretrained });
  const options = {
    epochs: 150,
    optimizer: { name: "adam" },
    learningRate: 0.02,
    fineTuning: { layerDecay: 2.6, unfreezeEvery: 1 },
  } as const;
  await fit(backend, model, examples, options);
  const again = await readModel(new Blob([writeModel(model)]));
  const [first, second] = await predict(backend, again as typeof model, [
    "a good film",
    "a bad film",
  ]);
  assertEquals([first.label, second.label], ["up", "down"]);
  const numbers = examples.map(({ text }, i) => ({ text, label: String(i) }));
  assertEquals(createRegressor(numbers, { pretrained }).weights.Whh, pretrained.weights.Whh);
  assertEquals(
    createMultiLabelClassifier(examples, { pretrained }).weights.Whh,
    pretrained.weights.Whh,
  );
});

Deno.test("createModel() throws if a pretrained model or a setting does not fit", () => {
  const pretrained = createLanguageModel(texts, network);
  const refused = (options: object, message: string) =>
    assertThrows(() => createModel(examples, options), InputError, message);
  refused(
    { pretrained: createModel(examples) },
    'the pretrained model must be a language model, got one for "classification"',
  );
  const translation = createTranslationModel([{ text: "a", label: "b" }], { hidden: 4 });
  assertEquals([isPretrained(translation), isPretrained(pretrained)], [false, true]);
  refused(
    { pretrained, cell: "lstm" },
    "the cell must be that of the pretrained model, gru, got lstm",
  );
  refused(
    { pretrained, hidden: 8 },
    "the hidden size must be that of the pretrained model, 4, got 8",
  );
  refused({ pretrained, bidirectional: true }, "the number of directions must be");
  refused(
    { pretrained, init: "tiny" },
    "the pretrained model also determines the init; leave it out",
  );
  refused({ pretrained, head: "token" }, "a tagger cannot start from a language model");
  createModel(examples, { pretrained, hidden: 4 });
});
