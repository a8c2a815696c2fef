import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  generate,
  InputError,
  opsOf,
  Random,
  splitSymbols,
  train,
} from "@unroll/core";
import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { draw } from "../../packages/core/language_model/generate.ts";
import { measureDocuments } from "../../packages/core/language_model/measure.ts";
import { cutStreams } from "../../packages/core/language_model/streams.ts";
import { encodeExamples, uploadWeights } from "../../packages/core/model.ts";
import { passes } from "../helpers.ts";

const TEXT = "the quick brown fox jumps over the lazy dog and back again. ".repeat(20);

Deno.test("cutStreams() lays out every symbol of every document once, in order", () => {
  const documents = [7, 20, 1, 13].map((length, d) => {
    const words = Int32Array.from({ length }, (_, i) => 100 * d + i);
    return { words, labels: words };
  });
  for (const batchSize of [1, 2, 3, 50]) {
    const batches = cutStreams(documents, batchSize, 4);
    const streams = batches[0].examples.map((_, stream) =>
      batches.flatMap(({ examples }) => [...examples[stream].words])
    );
    assertEquals(streams.flat(), documents.flatMap(({ words }) => [...words]));
    for (const { examples, fresh } of batches) {
      for (const [i, { words }] of examples.entries()) {
        if (words.length > 0 && words[0] % 100 === 0) assert(fresh[i], "a document begins afresh");
      }
    }
  }
});

for (const cell of ["rnn", "lstm", "gru"] as const) {
  Deno.test(`${cell}: carried from piece to piece, the loss is that of the whole document`, async () => {
    const backend = createCpuBackend({ dtype: "float64" });
    const ops = opsOf(backend);
    const model = createLanguageModel([{ text: TEXT, label: "" }], { cell, hidden: 9, layers: 2 });
    const documents = encodeExamples(model, [{ text: TEXT.slice(0, 150), label: "" }]);
    const whole = await passes(backend, model.config, model.weights, documents);
    const weights = uploadWeights(ops, model);
    const { loss } = await measureDocuments(ops, model.config, weights, documents);
    // Three streams of one piece each: the second and third begin without a past.
    assertLess(Math.abs(loss - whole.loss), 0.05);
    const short = encodeExamples(model, [{ text: TEXT.slice(0, 60), label: "" }]);
    const one = await measureDocuments(ops, model.config, weights, short);
    const all = await passes(backend, model.config, model.weights, short);
    assertLess(Math.abs(one.loss - all.loss), 1e-12);
    ops.dispose(Object.values(weights));
    assertEquals(ops.live, 0);
  });
}

Deno.test("a language model learns a text, and goes on from a prompt as it does", async () => {
  const backend = createCpuBackend();
  const model = createLanguageModel([{ text: TEXT, label: "" }], {
    cell: "gru",
    hidden: 48,
    embedding: 16,
  });
  const options = {
    epochs: 40,
    batchSize: 4,
    timeSteps: 16,
    learningRate: 0.01,
    optimizer: { name: "adam" },
    clipNorm: 1,
    test: [{ text: TEXT.slice(0, 240), label: "" }],
  } as const;
  let loss = NaN;
  for await (const event of train(backend, model, [{ text: TEXT, label: "" }], options)) {
    if (event.type === "epoch") loss = event.test!.loss;
  }
  assertLess(loss, 0.1);
  const settings = { prompt: "the quick ", length: 20, temperature: 0 };
  const made = await Array.fromAsync(generate(backend, model, settings));
  assertEquals(made.join(""), "brown fox jumps over");
  assertEquals(backend.live, 0);
});

Deno.test("generate() gives the same text for the same seed, and another for another", async () => {
  const backend = createCpuBackend();
  const model = createLanguageModel([{ text: TEXT, label: "" }], { hidden: 8 });
  const text = async (seed: number) =>
    (await Array.fromAsync(generate(backend, model, { seed, length: 60 }))).join("");
  assertEquals(await text(1), await text(1));
  assert(await text(1) !== await text(2));
});

Deno.test("generate() names the symbols of a prompt that the model has not seen", async () => {
  const model = createLanguageModel([{ text: "abc", label: "" }], { hidden: 4 });
  await assertRejects(
    () => Array.fromAsync(generate(createCpuBackend(), model, { prompt: "abé" })),
    InputError,
    'the prompt has characters that the model has not seen: "é"',
  );
});

Deno.test("draw() follows the distribution, by a chi-squared test", () => {
  const logits = Float64Array.of(9, 1, 0, -1, 2, 0.5); // the first stands for the unknown
  for (const temperature of [0.5, 1, 2]) {
    const powers = [...logits.subarray(1)].map((y) => Math.exp(y / temperature));
    const total = powers.reduce((a, b) => a + b);
    const random = new Random(3), counts = powers.map(() => 0), draws = 20_000;
    const sampler = { temperature, topK: Infinity, topP: 1 };
    for (let i = 0; i < draws; i++) counts[draw(logits, sampler, random) - 1]++;
    const expected = powers.map((power) => draws * power / total);
    const chi = counts.reduce((sum, n, i) => sum + (n - expected[i]) ** 2 / expected[i], 0);
    assertLess(chi, 18.47); // 99.9% of four degrees of freedom
  }
});

Deno.test("draw() takes the likeliest few, or those of a share, alone", () => {
  const logits = Float64Array.of(9, 1, 0, -1, 2, 0.5), random = new Random(1);
  const drawn = (sampler: Parameters<typeof draw>[1]) =>
    [...new Set(Array.from({ length: 2000 }, () => draw(logits, sampler, random)))].sort();
  assertEquals(drawn({ temperature: 1, topK: 2, topP: 1 }), [1, 4]);
  assertEquals(drawn({ temperature: 1, topK: Infinity, topP: 0.5 }), [4]);
  assertEquals(drawn({ temperature: 0, topK: Infinity, topP: 1 }), [4]);
});

Deno.test("splitSymbols() cuts characters, graphemes and words", () => {
  assertEquals(
    splitSymbols("a\r\n😀é", "characters"),
    ["a", "\n", "😀", "e", "\u0301"].slice(0, 3)
      .concat(Array.from("é")),
  );
  assertEquals(splitSymbols("👨‍👩‍👧 x", "graphemes"), ["👨‍👩‍👧", " ", "x"]);
  assertEquals(splitSymbols("", "words"), []);
  assertThrows(
    () => createLanguageModel([{ text: "aaa", label: "" }]),
    InputError,
    "1 different characters",
  );
});
