import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, evaluate, InputError, type Model, predict } from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";

const examples = [
  { text: "good", label: "up" },
  { text: "bad", label: "down" },
  { text: "so so", label: "flat" },
];

/** A model that answers by its head's bias alone. */
function biased(by: number[]): Model {
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

Deno.test('createModel() with "article" draws weights of a thousandth and zero biases', () => {
  const { weights } = createModel(examples, { hidden: 64 });
  const variance = weights.Whh.values().reduce((sum, x) => sum + x * x, 0) / weights.Whh.length;
  assertAlmostEquals(Math.sqrt(variance), 1e-3, 5e-5);
  assert(weights.bh.every((x: number) => x === 0) && weights.by.every((x: number) => x === 0));
});

Deno.test('createModel() with "scaled" draws weights within 1 / sqrt(hidden)', () => {
  const { weights } = createModel(examples, { hidden: 16, init: "scaled" });
  for (const array of Object.values(weights)) {
    assert(array.every((x: number) => Math.abs(x) <= 0.25));
  }
  assert(weights.Whh.some((x: number) => x > 0.2) && weights.Whh.some((x: number) => x < -0.2));
});

Deno.test("createModel() gives the unknown word no say of its own", () => {
  const { weights } = createModel(examples, { hidden: 16, init: "scaled" });
  assertEquals([...weights.Wxh.subarray(0, 16)], new Array(16).fill(0));
});

Deno.test("createModel() names what it cannot use", () => {
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
    "a hidden size of 1000000000 for 4 words",
  );
});

Deno.test("predict() gives the softmax of the logits and the likeliest label", async () => {
  const [verdict] = await predict(createCpuBackend(), biased([0, Math.LN2, 0]), ["Good!"]);
  assertEquals(verdict.text, "Good!");
  assertEquals(verdict.label, "flat");
  assertAlmostEquals(verdict.probabilities.up, 0.25, 1e-7);
  assertAlmostEquals(verdict.probabilities.flat, 0.5, 1e-7);
  assertAlmostEquals(verdict.logits[1], Math.LN2, 1e-7);
});

Deno.test("predict() takes words that it does not know, and no words at all", async () => {
  const model = createModel(examples);
  const verdicts = await predict(createCpuBackend(), model, ["utterly good", "zounds", "", "?"]);
  assertEquals(verdicts.map(({ words }) => words), [2, 1, 0, 0]);
  assertEquals(verdicts.map(({ unknownWords }) => unknownWords), [["utterly"], ["zounds"], [], []]);
  assertEquals(await predict(createCpuBackend(), model, []), []);
});

Deno.test("predict() refuses a text that is too long to keep all its states", async () => {
  await assertRejects(
    () => predict(createCpuBackend(), createModel(examples), ["good", "bad ".repeat(25_001)]),
    InputError,
    'the text "bad bad bad bad bad bad bad bad bad bad …" has 100004 characters; at most 100000',
  );
});

Deno.test("predict() says of a text among many what it says of it alone", async () => {
  const model = createModel(examples, { init: "scaled" });
  const texts = Array.from({ length: 150 }, (_, i) => "good bad so ".repeat(1 + i % 7));
  const backend = createCpuBackend();
  const together = await predict(backend, model, texts);
  for (const [i, text] of texts.entries()) {
    assertEquals(together[i], (await predict(backend, model, [text]))[0]);
  }
  assertEquals(backend.live, 0);
});

Deno.test("predict() takes labels and words that are names of JavaScript's own", async () => {
  const model = createModel([
    { text: "constructor toString", label: "__proto__" },
    { text: "__proto__", label: "hasOwnProperty" },
  ]);
  const [{ probabilities }] = await predict(createCpuBackend(), model, ["__proto__"]);
  assertEquals(Object.keys(probabilities).sort(), ["__proto__", "hasOwnProperty"]);
});

Deno.test("evaluate() counts right and wrong, label by label", async () => {
  // Always says "down": of two examples each of down and up, one label is always right.
  const model = biased([1, 0, 0]);
  const set = [examples[0], examples[1], examples[0], examples[1]];
  const backend = createCpuBackend();
  const { loss, accuracy, labels, confusion, unknownTexts } = await evaluate(backend, model, set);
  assertEquals(accuracy, 0.5);
  // p = softmax(1, 0, 0): half the examples cost -ln p_0, half -ln p_2.
  const logSum = Math.log(Math.E + 2);
  assertAlmostEquals(loss, (logSum - 1 + logSum) / 2, 1e-6);
  assertEquals(confusion, [[2, 0, 0], [0, 0, 0], [2, 0, 0]]);
  assertEquals(labels[0], { label: "down", precision: 0.5, recall: 1, f1: 2 / 3, support: 2 });
  assertEquals(labels[1], { label: "flat", precision: NaN, recall: NaN, f1: NaN, support: 0 });
  assertEquals(labels[2], { label: "up", precision: NaN, recall: 0, f1: 0, support: 2 });
  assertEquals(unknownTexts, 0);
  assertEquals(backend.live, 0);
});

Deno.test("evaluate() counts the texts of which it knows no word", async () => {
  const set = [{ text: "zounds", label: "up" }, { text: "zounds good", label: "up" }];
  const { unknownTexts } = await evaluate(createCpuBackend(), createModel(examples), set);
  assertEquals(unknownTexts, 1);
});

Deno.test("evaluate() refuses to measure with nothing", async () => {
  await assertRejects(
    () => evaluate(createCpuBackend(), createModel(examples), []),
    InputError,
    "there are no examples to measure with",
  );
});
