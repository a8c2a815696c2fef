import {
  createLanguageModel,
  createModel,
  createTranslationModel,
  evaluate,
  type Example,
  fit,
  InputError,
  parseExamples,
  splitUsable,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";

const EXAMPLES: Example[] = [
  { text: "good", label: "up" },
  { text: "bad", label: "down" },
];
const OPTIONS = { cell: "gru", hidden: 4 } as const;

Deno.test("a label that the model does not have counts as wrong, has no loss, and is reported", async () => {
  const backend = createCpuBackend();
  const model = createModel(EXAMPLES, OPTIONS);
  const seen = await evaluate(backend, model, EXAMPLES);
  const both = await evaluate(backend, model, [...EXAMPLES, { text: "good", label: "fine" }]);
  assertEquals(both.loss, seen.loss);
  assertEquals(both.accuracy, seen.accuracy * 2 / 3);
  assertEquals(both.unseen, [{ label: "fine", count: 1 }]);
  assertEquals(both.confusion, seen.confusion);
  assert(both.confused.some(({ actual }) => actual === "fine"));
  const mistake = both.mistakes.find(({ actual }) => actual === "fine")!;
  assert(mistake.probability >= 0.5 && mistake.probability < 1, String(mistake.probability));
  assertEquals(seen.unseen, undefined);
  await assertRejects(
    () => evaluate(backend, model, [{ text: "good", label: "fine" }]),
    InputError,
    'the label "fine" is not one that the model learns: "down", "up"',
  );
});

Deno.test("each tag that the model does not have counts as wrong", async () => {
  const tagged = [{ text: "meet ann", label: "O PERSON" }];
  const model = createModel(tagged, { ...OPTIONS, head: "token" });
  const test = [{ text: "meet ann", label: "O PLACE" }];
  const { unseen, mistakes } = await evaluate(createCpuBackend(), model, test);
  assertEquals(unseen, [{ label: "PLACE", count: 1 }]);
  assertEquals(mistakes.find(({ word }) => word === "ann")?.actual, "PLACE");
});

Deno.test("training refuses unknown labels in training examples, and counts them in others", async () => {
  const backend = createCpuBackend();
  const model = createModel(EXAMPLES, OPTIONS);
  const odd = [...EXAMPLES, { text: "so", label: "fine" }];
  await assertRejects(() => fit(backend, model, odd, { epochs: 1 }), InputError, "fine");
  const { test } = await fit(backend, model, EXAMPLES, { epochs: 1, test: odd });
  assert(test!.accuracy <= 2 / 3 && Number.isFinite(test!.loss));
});

Deno.test("labels of a file are normalized to NFC, but not targets; older models still match", async () => {
  const csv = "text,label\ngood,e\u0301\nbad,o\n";
  assertEquals(parseExamples(csv)[0].label, "\u00e9");
  const pairs = parseExamples("source,target\na,e\u0301\n", { kind: "pairs" });
  assertEquals(pairs[0].label, "e\u0301");
  const model = createModel([{ text: "good", label: "e\u0301" }, EXAMPLES[1]], OPTIONS);
  const found = await evaluate(createCpuBackend(), model, parseExamples(csv).slice(0, 1));
  assertEquals([found.unseen, found.labels[1].support], [undefined, 1]);
});

Deno.test("symbols that are unknown to a model are never correct", async () => {
  const backend = createCpuBackend();
  const model = createLanguageModel([{ text: "abab" }], { hidden: 4 });
  const known = await evaluate(backend, model, [{ text: "ab" }]);
  assertEquals(known.unknown, 0);
  // A model that always predicts the unknown symbol.
  const sure = { ...model, weights: { ...model.weights, by: Float32Array.of(100, 0, 0) } };
  const half = await evaluate(backend, sure, [{ text: "axxx" }]);
  assertEquals([half.unknown, half.accuracy], [0.75, 0]);
  await assertRejects(
    () => evaluate(backend, model, [{ text: "xyz" }]),
    InputError,
    'the model knows none of its characters; it knows "a", "b"',
  );
  const pairs = [{ text: "ab", label: "AB" }, { text: "ba", label: "BA" }];
  const translator = createTranslationModel(pairs, { hidden: 4 });
  const { unknown } = await evaluate(backend, translator, [{ text: "ab", label: "xx" }, ...pairs]);
  assertEquals(unknown, 2 / 12);
  await assertRejects(
    () => evaluate(backend, translator, [{ text: "ab", label: "xx" }]),
    InputError,
    "the model knows none of the characters of the targets",
  );
});

Deno.test("splitUsable() skips the examples that a task cannot use", () => {
  const count = (reading: Parameters<typeof splitUsable>[0], examples: Example[]) =>
    splitUsable(reading, examples).usable.length;
  const marks = [{ text: "!", label: "a" }, { text: "", label: "a" }];
  assertEquals(count({ task: "classification" }, marks), 0);
  const tokenizer = { lowerCase: true, punctuation: "keep", split: "spaces" } as const;
  assertEquals(count({ task: "tagging", tokenizer }, [...marks, { text: "a b", label: "O" }]), 1);
  assertEquals(count({ task: "language-model", unit: "characters" }, marks), 1);
  assertEquals(count({ task: "translate", unit: "words" }, [...marks, { text: "a" }]), 1);
  assertThrows(() => splitUsable({ task: "none" }, marks), InputError, "there is no task");
});
