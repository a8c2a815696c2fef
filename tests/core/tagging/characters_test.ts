/**
 * Taggers that label the characters of a text rather than its words.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  buildDataset,
  createModel,
  entitiesIn,
  evaluate,
  type Example,
  explain,
  fit,
  fitLinearTagger,
  InputError,
  letterTokenizer,
  predict,
  readModel,
  recommendTaggedUnit,
  recommendTagger,
  tokenize,
  type TokenizerOptions,
  writeModel,
} from "@unroll/core";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";

const PLACES = ["北京", "上海", "南京市"], PEOPLE = ["王明", "李小红"];

/** The tags of a name's characters. */
const tagsOf = (name: string, type: string) =>
  Array.from(name, (_, i) => `${i === 0 ? "B" : "I"}-${type}`).join(" ");

const EXAMPLES: Example[] = PLACES.flatMap((place) =>
  PEOPLE.flatMap((person) => [
    {
      text: `去${place}找${person}。`,
      label: `O ${tagsOf(place, "LOC")} O ${tagsOf(person, "PER")} O`,
    },
    { text: `${person}在${place}`, label: `${tagsOf(person, "PER")} O ${tagsOf(place, "LOC")}` },
  ])
);
const TOKENIZER: TokenizerOptions = { ...letterTokenizer("characters"), whitespace: "drop" };
const NETWORK = { cell: "gru", hidden: 8, embedding: 6, head: "token", init: "scaled" } as const;

async function trained() {
  const model = createModel(EXAMPLES, {
    ...{ ...NETWORK, bidirectional: true, crf: true, tokenizer: TOKENIZER },
  });
  const options = { epochs: 30, batchSize: 4, optimizer: { name: "adam" }, learningRate: 0.02 };
  await fit(createCpuBackend(), model, EXAMPLES, options as Parameters<typeof fit>[3]);
  return model;
}

Deno.test("a tagger of characters finds entities in texts without spaces", async () => {
  const model = await trained(), backend = createCpuBackend();
  const [tags] = await predict(backend, model, ["去上海找王明。"]);
  assertEquals(tags.map(({ word }) => word).join(""), "去上海找王明。");
  assertEquals(entitiesIn(tags.map(({ label }) => label)), [
    { type: "LOC", start: 1, end: 3 },
    { type: "PER", start: 4, end: 6 },
  ]);
  const { entities } = await evaluate(backend, model, EXAMPLES);
  assertEquals(entities?.f1, 1);
});

Deno.test("whitespace between characters has no label, so that CoNLL files fit", async () => {
  const model = await trained(), backend = createCpuBackend();
  const [joined, apart] = await predict(backend, model, ["去上海找王明。", " 去 上海\n找王 明 。"]);
  assertEquals(apart, joined);
  const spaced = EXAMPLES.map(({ text, label }) => ({ text: [...text].join(" "), label }));
  const first = await evaluate(backend, model, EXAMPLES);
  assertEquals(await evaluate(backend, model, spaced), {
    ...first,
    mistakes: first.mistakes.map((each) => ({ ...each, text: [...each.text].join(" ") })),
  });
});

Deno.test("a file keeps how characters are read, and a dataset reads them as the model does", async () => {
  const model = await trained(), backend = createCpuBackend();
  const read = await readModel(new Blob([writeModel(model)])) as typeof model;
  assertEquals(read.tokenizer, TOKENIZER);
  const texts = EXAMPLES.map(({ text }) => text);
  assertEquals(await predict(backend, read, texts), await predict(backend, model, texts));
  const builder = buildDataset({ task: "tagging", tokenizer: TOKENIZER });
  EXAMPLES.forEach((example) => builder.add(example));
  const data = builder.build();
  assertEquals(await evaluate(backend, model, data), await evaluate(backend, model, EXAMPLES));
});

Deno.test("normalizing a character changes neither the number of labels nor what is shown", async () => {
  // Full-width, a ligature, two code points of é, and a soft hyphen that folding would remove.
  const text = "Ａﬁe\u0301\u00ad…", tokens = [...text];
  assertEquals(tokenize(text, TOKENIZER).length, tokens.length);
  assertEquals(tokenize(text, TOKENIZER)[0], "A");
  const graphemes: TokenizerOptions = { ...letterTokenizer("graphemes"), whitespace: "drop" };
  assertEquals(tokenize("e\u0301 🇫🇷", graphemes), ["é", "🇫🇷"]);
  const model = createModel(
    [{ text, label: tokens.map((_, i) => `L${i % 2}`).join(" ") }],
    { ...NETWORK, tokenizer: TOKENIZER },
  );
  const [tags] = await predict(createCpuBackend(), model, [text]);
  assertEquals(tags.map(({ word }) => word), tokens);
});

Deno.test("words are predicted as they are written, whatever the tagger's typography and case", async () => {
  const examples = [{ text: "Ann’s “call”", label: "NAME VERB" }];
  for (const letters of [undefined, 3]) {
    const model = createModel(examples, { ...NETWORK, letters });
    const [tags] = await predict(createCpuBackend(), model, ["ANN’s “call”"]);
    assertEquals(tags.map(({ word, known }) => [word, known]), [["ANN’s", true], ["“call”", true]]);
  }
});

Deno.test("a linear model and the reasons of a tagger of characters", async () => {
  const model = await trained(), backend = createCpuBackend();
  model.linear = fitLinearTagger(model, EXAMPLES);
  model.calibration = { network: 0.5, linear: 0.5, examples: 9, error: { before: 0.1, after: 0 } };
  const text = "去上海找王明。";
  const [{ words, attributions }] = await explain(backend, model, [text]);
  assertEquals(words, [...text]);
  assertEquals(attributions.map(({ label }) => label), ["LOC", "PER"]);
});

Deno.test("the unit of a tagger is the one of which there are as many as labels", () => {
  assertEquals(recommendTaggedUnit(EXAMPLES), "characters");
  const spaced = EXAMPLES.map(({ text, label }) => ({ text: [...text].join(" "), label }));
  assertEquals(recommendTaggedUnit(spaced), "words");
  assertEquals(recommendTaggedUnit([{ text: "e\u0301t", label: "A B" }]), "graphemes");
  assertEquals(recommendTaggedUnit([]), "words");
  assertEquals(recommendTagger(EXAMPLES, "characters").network.letters, undefined);
});

Deno.test("too few labels, and whitespace where it is a word's end, are refused", async () => {
  const model = await trained(), backend = createCpuBackend();
  let message = "";
  await evaluate(backend, model, [{ text: "去 上海", label: "O B-LOC" }])
    .catch((error) => message = error.message);
  assertStringIncludes(
    message,
    "has 3 characters and 2 labels; give one label for each character, separated by spaces",
  );
  for (const split of ["words", "spaces", undefined] as const) {
    const tokenizer: TokenizerOptions = { ...TOKENIZER, split };
    assertThrows(
      () => createModel(EXAMPLES, { ...NETWORK, tokenizer }),
      InputError,
      "the tokenizer's split",
    );
  }
  assertThrows(
    () =>
      createModel(EXAMPLES, {
        ...NETWORK,
        tokenizer: { ...TOKENIZER, whitespace: "keep" as "drop" },
      }),
    InputError,
    "whitespace",
  );
});
