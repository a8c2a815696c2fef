import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type ClassificationModel,
  createModel,
  createPredictor,
  evaluate,
  type Example,
  InputError,
  predict,
  readModel,
  tokenize,
  type TokenizerOptions,
  tokenizeTruncated,
  traceSteps,
  train,
  truncationWarning,
  writeModel,
} from "@unroll/core";
import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { NEW_TOKENIZER } from "#core/text/tokenizer.ts";

const TOKENIZER: TokenizerOptions = { ...NEW_TOKENIZER, maxLength: 3 };
const FROM_START: TokenizerOptions = { ...TOKENIZER, truncate: "start" };

Deno.test("tokenize() reads the first or the last maxLength words", () => {
  const text = "One, two – three! Four 👍";
  assertEquals(tokenize(text, TOKENIZER), ["one", "two", "three"]);
  assertEquals(tokenize(text, { ...TOKENIZER, truncate: "end" }), ["one", "two", "three"]);
  assertEquals(tokenize(text, FROM_START), ["three", "four", "👍"]);
  assertEquals(tokenize("One, two", FROM_START), ["one", "two"]);
  assertEquals(tokenize("", TOKENIZER), []);
  const marks = { ...TOKENIZER, punctuation: "keep" } as const;
  assertEquals(tokenize(text, marks), ["one", ",", "two"]);
  const cut = { ...TOKENIZER, split: "spaces", maxLength: 2 } as const;
  assertEquals(tokenize(" a,b  c d", cut), ["a,b", "c"]);
  assertEquals(tokenize(" a,b  c d", { ...cut, truncate: "start" }), ["c", "d"]);
});

Deno.test("tokenizeTruncated() reports whether a text has more words than maxLength", () => {
  for (const tokenizer of [TOKENIZER, FROM_START]) {
    assertEquals(
      ["a b c", "a, b. c!!!", "a b c d"].map((text) =>
        tokenizeTruncated(text, tokenizer).isTruncated
      ),
      [
        ...[false, false, true],
      ],
    );
  }
  assertEquals(tokenizeTruncated("a b c d", NEW_TOKENIZER).isTruncated, false);
});

Deno.test("truncationWarning() counts the texts that lose words", () => {
  const examples = ["a b c d", "a b c", "a b c d e"].map((text) => ({ text }));
  assertEquals(truncationWarning({ tokenizer: TOKENIZER }, examples), {
    kind: "truncated",
    message: "2 of 3 texts have more than 3 words; their last words are cut off",
    count: 2,
  });
  const { message } = truncationWarning({ tokenizer: FROM_START }, examples.slice(0, 2))!;
  assertEquals(message, "1 of 2 texts has more than 3 words; its first words are cut off");
  assertEquals(truncationWarning({ tokenizer: TOKENIZER }, [{ text: "a" }]), undefined);
  assertEquals(truncationWarning({ tokenizer: NEW_TOKENIZER }, examples), undefined);
  assertEquals(truncationWarning({}, examples), undefined);
});

const LONG: Example[] = [
  { text: "it was good so very much", label: "up" },
  { text: "it was bad and that is that", label: "down" },
];
const SHORT: Example[] = [{ text: "it was good", label: "up" }, {
  text: "it was bad",
  label: "down",
}];

Deno.test("a model with maxLength trains, evaluates, predicts and traces texts as if they ended there", async () => {
  const backend = createCpuBackend();
  const results = [];
  for (const [examples, tokenizer] of [[LONG, TOKENIZER], [SHORT, NEW_TOKENIZER]] as const) {
    const model = createModel(examples, { cell: "gru", hidden: 4, tokenizer });
    await Array.fromAsync(train(backend, model, examples, { epochs: 3 }));
    const read = await readModel(new Blob([writeModel(model)]));
    assertEquals(read, model);
    using predictor = createPredictor(backend, read as ClassificationModel);
    const [{ logits, words, unknownWords }] = await predictor.predict([examples[0].text]);
    const { loss } = await evaluate(backend, model, examples);
    const { words: traced } = await traceSteps(backend, model, examples[1].text);
    const { vocabulary, weights } = model;
    results.push({ vocabulary, weights, logits, words, unknownWords, loss, traced });
  }
  assertEquals(results[0], results[1]);
});

Deno.test("predict() reads only the first maxLength words of a long text", async () => {
  const model = createModel(SHORT, { hidden: 4, tokenizer: TOKENIZER });
  const text = "it was good " + "and so on ".repeat(9000); // below the length limit of a text
  const backend = createCpuBackend();
  const [{ words, logits }] = await predict(backend, model, [text]);
  assertEquals(words, 3);
  assertEquals(logits, (await predict(backend, model, ["it was good"]))[0].logits);
});

Deno.test("a stream ignores maxLength, and reads every word", async () => {
  const backend = createCpuBackend();
  const model = createModel(LONG, { hidden: 4, init: "scaled", tokenizer: TOKENIZER });
  using predictor = createPredictor(backend, model);
  using stream = predictor.stream();
  const found: number[][] = [];
  for (const word of ["it", "was", "good", "bad"]) {
    found.push((await stream.step(word)).probabilities);
  }
  assertNotEquals(found[3], found[2]);
});

Deno.test("an invalid maxLength is refused, and so is any maxLength for a tagger", async () => {
  for (const maxLength of [0, -1, 1.5, NaN, "3"]) {
    const tokenizer = { ...NEW_TOKENIZER, maxLength: maxLength as number };
    assertThrows(
      () => createModel(LONG, { tokenizer }),
      InputError,
      "the tokenizer's maxLength must be a whole number of at least 1",
    );
    const model = { ...createModel(LONG), tokenizer };
    if (Number.isNaN(maxLength)) continue; // which JSON writes as null
    const bytes = writeModel(model);
    await assertRejects(() => readModel(new Blob([bytes])), InputError, "maxLength of at least 1");
  }
  assertThrows(
    () => createModel(LONG, { tokenizer: { ...TOKENIZER, truncate: "left" as "start" } }),
    InputError,
    "the tokenizer's truncate must be one of start, end, got",
  );
  assertThrows(
    () => createModel([{ text: "a b", label: "A B" }], { head: "token", tokenizer: TOKENIZER }),
    InputError,
    "a tagger labels every word, so its tokenizer has no maxLength",
  );
});
