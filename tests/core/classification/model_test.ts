import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type ClassificationModel,
  createLanguageModel,
  createModel,
  evaluate,
  gradientNorms,
  InputError,
  predict,
  splitExamples,
  traceText,
  train,
} from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";

const examples = [
  { text: "good", label: "up" },
  { text: "bad", label: "down" },
  { text: "so so", label: "flat" },
];

/** Returns a model whose predictions depend only on its head's bias. */
function biased(by: number[]): ClassificationModel {
  const model = createModel(examples, { hidden: 2 });
  model.weights.Why.fill(0);
  model.weights.by = Float64Array.from(by);
  return model;
}

Deno.test("createModel() takes words and labels from the examples, in a fixed order", () => {
  const model = createModel(examples.toReversed());
  assertEquals(model.vocabulary, ["<unk>", "bad", "good", "so"]);
  assertEquals(model.labels, ["down", "flat", "up"]);
});

Deno.test('createModel() with "tiny" draws weights with deviation 0.001, and zero biases', () => {
  const { weights } = createModel(examples, { hidden: 64 });
  const variance = weights.Whh.values().reduce((sum, x) => sum + x * x, 0) / weights.Whh.length;
  assertAlmostEquals(Math.sqrt(variance), 1e-3, 5e-5);
  assert(weights.bh.every((x: number) => x === 0) && weights.by.every((x: number) => x === 0));
});

Deno.test('createModel() with "scaled" draws weights within ±1 / sqrt(hidden)', () => {
  const { weights } = createModel(examples, { hidden: 16, init: "scaled" });
  for (const array of Object.values(weights)) {
    assert(array.every((x: number) => Math.abs(x) <= 0.25));
  }
  assert(weights.Whh.some((x: number) => x > 0.2) && weights.Whh.some((x: number) => x < -0.2));
});

Deno.test("createModel() initializes the unknown word's weights to zero", () => {
  const { weights } = createModel(examples, { hidden: 16, init: "scaled" });
  assertEquals([...weights.Wxh.subarray(0, 16)], new Array(16).fill(0));
});

Deno.test("createModel() throws for unsuitable examples and sizes", () => {
  assertThrows(() => createModel([]), InputError, "there are no examples");
  assertThrows(
    () => createModel([examples[0], examples[0]]),
    InputError,
    'every example has the label "up"',
  );
  assertThrows(() => createModel(examples, { hidden: 0 }), InputError, "the hidden size must be");
  assertThrows(
    () => createModel(examples, { hidden: 1e9 }),
    InputError,
    "a hidden size of 1000000000 needs a weight Wxh of 4 x 1000000000 numbers",
  );
});

Deno.test("errors about all examples report their file", () => {
  for (const where of ["my.csv:3", "my.csv, line 3"]) {
    const some = [1, 2].map(() => ({ text: "good", label: "up", where }));
    assertThrows(
      () => createModel(some),
      InputError,
      'my.csv: every example has the label "up"; a classifier needs at least two labels',
    );
    assertThrows(
      () => createModel(some, { head: "token" }),
      InputError,
      'my.csv: every word has the label "up"',
    );
  }
  const book = { text: "aaa", where: "my.book.txt" };
  assertThrows(
    () => createLanguageModel([book]),
    InputError,
    "my.book.txt: the text has 1 different characters",
  );
  const short = createLanguageModel([{ ...book, text: "ab" }], { hidden: 2 });
  assertThrows(
    () => train(createCpuBackend(), short, [{ ...book, text: "ab" }], { timeSteps: 9 }),
    InputError,
    "my.book.txt: has 2 characters to learn from, fewer than one chunk of 9",
  );
});

Deno.test("createModel() refuses a minimum count that leaves no words, and reports the largest", () => {
  const some = [
    { text: "so good", label: "up", where: "my.csv:2" },
    { text: "so bad", label: "down", where: "my.csv:3" },
  ];
  assertEquals(createModel(some, { minCount: 2 }).vocabulary, ["<unk>", "so"]);
  assertThrows(
    () => createModel(some, { minCount: 3 }),
    InputError,
    'my.csv: a minimum count of 3 leaves no words; the most frequent one, "so", occurs 2 times',
  );
  assertThrows(
    () => createModel(examples.slice(0, 2), { minCount: 100 }),
    InputError,
    'a minimum count of 100 leaves no words; the most frequent one, "good", occurs once',
  );
});

Deno.test("createModel() refuses word vectors without any of its words", () => {
  const vectors = { dimensions: 2, vectors: new Map([["bon", Float32Array.of(1, 2)]]) };
  assertThrows(
    () => createModel(examples, { vectors }),
    InputError,
    'the word vectors have none of the words, such as "bad", "good", "so"',
  );
});

Deno.test("predict() returns the softmax of the logits and the most probable label", async () => {
  const [prediction] = await predict(createCpuBackend(), biased([0, Math.LN2, 0]), ["Good!"]);
  assertEquals(prediction.text, "Good!");
  assertEquals(prediction.label, "flat");
  assertAlmostEquals(prediction.probabilities.up, 0.25, 1e-7);
  assertAlmostEquals(prediction.probabilities.flat, 0.5, 1e-7);
  assertAlmostEquals(prediction.logits[1], Math.LN2, 1e-7);
});

Deno.test("predict() accepts unknown words, and texts without words", async () => {
  const model = createModel(examples);
  const predictions = await predict(createCpuBackend(), model, ["utterly good", "zounds", "", "?"]);
  assertEquals(predictions.map(({ words }) => words), [2, 1, 0, 0]);
  assertEquals(predictions.map(({ unknownWords }) => unknownWords), [
    ["utterly"],
    ["zounds"],
    [],
    [],
  ]);
  assertEquals(await predict(createCpuBackend(), model, []), []);
});

Deno.test("predict() refuses a text that is too long to keep all its states", async () => {
  const deep = createModel(examples, { bidirectional: true, layers: 2 }); // not read in chunks
  await assertRejects(
    () => predict(createCpuBackend(), deep, ["good", "bad ".repeat(25_001)]),
    InputError,
    'the text "bad bad bad bad bad bad bad bad bad bad …" has 100004 characters; at most 100000',
  );
});

Deno.test("predict() predicts the same for a text alone and among others", async () => {
  const model = createModel(examples, { init: "scaled" });
  const texts = Array.from({ length: 150 }, (_, i) => "good bad so ".repeat(1 + i % 7));
  const backend = createCpuBackend();
  const together = await predict(backend, model, texts);
  for (const [i, text] of texts.entries()) {
    assertEquals(together[i], (await predict(backend, model, [text]))[0]);
  }
  assertEquals(backend.live, 0);
});

Deno.test("predict() accepts labels and words that are JavaScript property names", async () => {
  const model = createModel([
    { text: "constructor toString", label: "__proto__" },
    { text: "__proto__", label: "hasOwnProperty" },
  ]);
  const [{ probabilities }] = await predict(createCpuBackend(), model, ["__proto__"]);
  assertEquals(Object.keys(probabilities).sort(), ["__proto__", "hasOwnProperty"]);
});

Deno.test("evaluate() counts correct and wrong predictions for each label", async () => {
  // Always predicts "down", for two examples each of down and up.
  const model = biased([1, 0, 0]);
  const set = [examples[0], examples[1], examples[0], examples[1]];
  const backend = createCpuBackend();
  const { loss, accuracy, labels, confusion, unknownTexts } = await evaluate(backend, model, set);
  assertEquals(accuracy, 0.5);
  // p = softmax(1, 0, 0): half of the losses are -ln p_0, half -ln p_2.
  const logSum = Math.log(Math.E + 2);
  assertAlmostEquals(loss, (logSum - 1 + logSum) / 2, 1e-6);
  assertEquals(confusion, [[2, 0, 0], [0, 0, 0], [2, 0, 0]]);
  assertEquals(labels[0], { label: "down", precision: 0.5, recall: 1, f1: 2 / 3, support: 2 });
  assertEquals(labels[1], { label: "flat", precision: NaN, recall: NaN, f1: NaN, support: 0 });
  assertEquals(labels[2], { label: "up", precision: NaN, recall: 0, f1: 0, support: 2 });
  assertEquals(unknownTexts, 0);
  assertEquals(backend.live, 0);
});

Deno.test("evaluate() counts the texts without a known word", async () => {
  const set = [{ text: "zounds", label: "up" }, { text: "zounds good", label: "up" }];
  const { unknownTexts } = await evaluate(createCpuBackend(), createModel(examples), set);
  assertEquals(unknownTexts, 1);
});

Deno.test("evaluate() refuses an empty list of examples", async () => {
  await assertRejects(
    () => evaluate(createCpuBackend(), createModel(examples), []),
    InputError,
    "there are no examples to evaluate on",
  );
});

Deno.test("splitExamples() holds out the fraction of each label, by a random seed", () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({
    text: `w${i}`,
    label: i % 10 === 0 ? "rare" : i % 3 === 0 ? "some" : "most",
  }));
  const count = (set: { label?: string }[], label: string) =>
    set.filter((example) => example.label === label).length;
  const splits = [1, 1, 2].map((seed) => splitExamples(many, 0.2, { seed }));
  for (const { train, validation } of splits) {
    assertEquals(new Set([...train, ...validation]).size, 1000);
    assertEquals(validation.length, 200);
    assertEquals(["rare", "some", "most"].map((label) => count(validation, label)), [20, 60, 120]);
  }
  assertEquals(splits[0], splits[1]);
  assert(splits[2].validation.some((example) => !splits[0].validation.includes(example)));
});

Deno.test("splitExamples() keeps one training example of each label, and refuses an empty split", () => {
  const few = [...examples, ...examples.slice(0, 2)];
  const { train } = splitExamples(few, 0.6);
  assertEquals(new Set(train.map(({ label }) => label)).size, 3);
  assertThrows(() => splitExamples(examples, 0.5), InputError, "3 examples are too few");
  assertThrows(() => splitExamples(few, 1), InputError, "above 0 and below 1, got 1");
  const ids = Array.from({ length: 10 }, (_, i) => ({ text: "so", label: `${i}` }));
  assertThrows(
    () => splitExamples(ids, 0.2),
    InputError,
    "so no example can be held out for validation; name the label column, or train without " +
      "validation (--validation 0)",
  );
  assertEquals(splitExamples(ids, 0.2, { byLabel: false }).validation.length, 2);
});

Deno.test("traceText() ends with the prediction that predict() gives", async () => {
  for (const head of ["last", "mean", "max"] as const) {
    const options = { cell: "gru", hidden: 3, bidirectional: true, head } as const;
    const model = createModel(examples, options);
    const backend = createCpuBackend();
    const { words, states, predictions } = await traceText(backend, model, "so good so bad");
    const [{ label, probabilities }] = await predict(backend, model, ["so good so bad"]);
    assertEquals(predictions.at(-1)!.label, label);
    assertAlmostEquals(predictions.at(-1)!.probability, probabilities[label], 1e-6);
    assertEquals([words.length, states.length, states[0].length], [4, 4, 6]);
    assertEquals(backend.live, 0);
  }
});

Deno.test("predict() of a tagger labels each word", async () => {
  const tagged = [{ text: "Meet Ann !", label: "O PERSON O" }];
  const model = createModel(tagged, { cell: "lstm", hidden: 3, head: "token" });
  const backend = createCpuBackend();
  const [tags, none] = await predict(backend, model, ["call Ann !", ""]);
  assertEquals(tags.map(({ word, known }) => [word, known]), [
    ["call", false],
    ["Ann", true],
    ["!", true],
  ]);
  assertEquals(none, []);
  assertEquals(backend.live, 0);
});

Deno.test("evaluate() returns the majority class, confusions and most confident mistakes", async () => {
  const model = biased([0, Math.LN2, 0]); // predicts flat, with probability 0.5
  const set = [examples[2], examples[0], examples[0], examples[1]];
  const { majority, confused, mistakes } = await evaluate(createCpuBackend(), model, set);
  assertEquals(majority, { label: "up", accuracy: 0.5 });
  assertEquals(confused, [
    { actual: "up", predicted: "flat", count: 2 },
    { actual: "down", predicted: "flat", count: 1 },
  ]);
  assertEquals(mistakes.map(({ text, predicted }) => [text, predicted]), [
    ["good", "flat"],
    ["good", "flat"],
    ["bad", "flat"],
  ]);
  for (const { probability } of mistakes) assertAlmostEquals(probability, 0.5, 1e-6);
});

Deno.test("gradientNorms() shows that gradients vanish in a vanilla RNN, but persist in an LSTM", async () => {
  const long = ["up", "down"].map((label) => ({
    text: Array.from({ length: 40 }, (_, t) => `w${t % 5}${label}`).join(" "),
    label,
  }));
  const share = async (cell: "rnn" | "lstm") => {
    const model = createModel(long, { cell, hidden: 16, init: "scaled" });
    const norms = await gradientNorms(createCpuBackend(), model, long);
    assertEquals(norms.length, 40);
    return norms[30] / norms[0];
  };
  const [rnn, lstm] = [await share("rnn"), await share("lstm")];
  assert(rnn < 0.01 && lstm > 10 * rnn, `${rnn} and ${lstm}`);
});

Deno.test("mean and max pooling of a long text in chunks equal pooling of the whole text", async () => {
  const text = Array.from({ length: 1500 }, (_, i) => i % 7 ? "good" : "bad").join(" ");
  const backend = createCpuBackend({ dtype: "float64" });
  const logitsOf = async (
    head: "mean" | "max" | "mean-max",
    change: Partial<ClassificationModel>,
  ) => {
    const model = createModel(examples, { hidden: 3, init: "scaled", head });
    Object.assign(model.weights, change.weights);
    const [{ logits }] = await predict(backend, model, [text]);
    return logits;
  };
  // Both halves of the head have the same weights, so its logits are the sum of the others'.
  const { weights } = createModel(examples, { hidden: 3, init: "scaled", head: "mean" });
  const Why = Float64Array.from([...weights.Why, ...weights.Why]), by = new Float64Array(3);
  const [mean, max, both] = [
    await logitsOf("mean", { weights: { ...weights, by } }),
    await logitsOf("max", { weights: { ...weights, by } }),
    await logitsOf("mean-max", { weights: { ...weights, Why, by } }),
  ];
  for (const [i, y] of both.entries()) assertAlmostEquals(y, mean[i] + max[i], 1e-12);
});
