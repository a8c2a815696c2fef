/**
 * Examples packed as token ids are trained on, evaluated and split like those in an array.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  buildDataset,
  createLanguageModel,
  createModel,
  createTranslationModel,
  type Dataset,
  evaluate,
  type Example,
  fit,
  InputError,
  type Model,
  type Reading,
  splitDocuments,
  splitExamples,
  type TrainOptions,
} from "@unroll/core";
import { writeDataset } from "#core/data/dataset.ts";
import { tokenChunks } from "#core/data/text_chunks.ts";
import { Random } from "#core/random.ts";
import { cutText, packTokens, selectTexts } from "#core/text/packed_tokens.ts";
import { splitSymbols, type SymbolUnit } from "#core/text/symbols.ts";
import { TEXT_TASKS } from "#core/tasks.ts";

const random = new Random(7);
const WORDS = ["not", "good", "bad", "it", "was", "very", "Ünlü", "don't"];
const TAGS = ["A", "B", "C"];
const pick = (from: readonly string[]) => from[Math.floor(from.length * random.uniform())];
const texts = Array.from(
  { length: 60 },
  () => Array.from({ length: 1 + Math.floor(9 * random.uniform()) }, () => pick(WORDS)).join(" "),
);
const at = (i: number) => ({ where: `own.csv:${i + 2}` });
const labeled = texts.map((text, i) => ({
  text,
  label: text.includes("not") ? "down" : "up",
  ...at(i),
}));
const tagged = texts.map((text, i) => ({
  text,
  label: text.split(" ").map(() => pick(TAGS)).join(" "),
  ...at(i),
}));
const pairs = texts.slice(0, 30).map((text, i) => ({
  text,
  label: [...text].reverse().join(""),
  ...at(i),
}));

const TOKENIZER = { lowerCase: true, punctuation: "drop", fold: "typography" } as const;
const SPACES = {
  lowerCase: true,
  punctuation: "keep",
  split: "spaces",
  fold: "typography",
} as const;
const OPTIONS: TrainOptions = { epochs: 2, batchSize: 4, optimizer: { name: "adam" } };
const CASES: {
  name: string;
  reading: Reading;
  examples: Example[];
  create(examples: Example[] | Dataset): Model;
  options?: TrainOptions;
}[] = [
  {
    name: "a classifier",
    reading: { task: "classification", tokenizer: TOKENIZER },
    examples: labeled,
    create: (examples) =>
      createModel(examples, { cell: "gru", hidden: 5, embedding: 4, head: "mean" }),
  },
  {
    name: "the article's classifier, step by step",
    reading: { task: "classification", tokenizer: TOKENIZER },
    examples: labeled,
    create: (examples) => createModel(examples, { hidden: 5 }),
    options: { epochs: 2 },
  },
  {
    name: "a tagger",
    reading: { task: "tagging", tokenizer: SPACES },
    examples: tagged,
    create: (examples) =>
      createModel(examples, { cell: "lstm", hidden: 5, embedding: 4, head: "token" }),
  },
  ...(["characters", "graphemes", "words"] as const).flatMap((unit: SymbolUnit) =>
    [1, 20].map((count) => ({
      name: `a language model of ${unit} on ${count} texts`,
      reading: { task: "language-model", unit, normalization: "NFC" } as const,
      examples: count === 1
        ? [{ text: texts.join("\n"), where: "book.txt" }]
        : labeled.slice(0, count).map(({ text, where }) => ({ text, where })),
      create: (examples: Example[] | Dataset) =>
        createLanguageModel(examples, { unit, hidden: 6, embedding: 4 }),
      options: { ...OPTIONS, timeSteps: 7 },
    }))
  ),
  {
    name: "a language model for labels",
    reading: { task: "language-model", unit: "characters", normalization: "NFC" },
    examples: labeled,
    create: (examples) => createLanguageModel(examples, { hidden: 6, fromLabel: true }),
    options: { ...OPTIONS, timeSteps: 7 },
  },
  {
    name: "a translation model",
    reading: { task: "translate", unit: "characters", normalization: "NFC" },
    examples: pairs,
    create: (examples) => createTranslationModel(examples, { hidden: 6, embedding: 4 }),
  },
];

/** Packs the examples without their strings. */
function packed(reading: Reading, examples: readonly Example[]): Dataset {
  const { reader } = TEXT_TASKS.find(({ name }) => name === reading.task)!;
  const writer = writeDataset(reading, reader!, 0);
  for (const example of examples) {
    const { text, label = "" } = example;
    writer.add(example, reader!.tokens(reading, text), reader!.labelTokens(reading, label));
  }
  return writer.dataset();
}

for (const { name, reading, examples, create, options = OPTIONS } of CASES) {
  Deno.test(`${name} trains on a dataset to the same weights as on an array`, async () => {
    const builder = buildDataset(reading);
    for (const example of examples) assertEquals(builder.add(example), undefined);
    const split = <E extends Dataset | Example[]>(all: E) =>
      examples.length === 1
        ? splitDocuments(all, 0.2, { unit: reading.unit })
        : splitExamples(all, 0.2, { byLabel: reading.task === "classification" });
    const runs = [];
    for (const all of [examples, builder.build(), packed(reading, examples)]) {
      const { train, validation } = split(all);
      const model = create(train);
      const backend = createCpuBackend({ dtype: "float64" });
      const result = await fit(backend, model, train, { ...options, validation, test: train });
      const { mistakes: _, ...figures } = await evaluate(backend, model, validation) as {
        mistakes?: unknown;
      };
      runs.push({ model, result, figures });
      backend.dispose();
    }
    assertEquals(runs[1], runs[0]);
    assertEquals(runs[2], runs[0]);
  });
}

Deno.test("a dataset returns its examples unchanged, or only their words if packed without strings", () => {
  const reading = { task: "classification", tokenizer: TOKENIZER };
  const builder = buildDataset(reading);
  for (const example of labeled) builder.add(example);
  assertEquals([...builder.build()], labeled);
  const dataset = packed(reading, labeled);
  assertEquals({ ...dataset.at(0)! }, { ...labeled[0], text: labeled[0].text.toLowerCase() });
  assertEquals(dataset.at(labeled.length), undefined);
  const some = dataset.select(Uint32Array.of(5, 2)).select(Uint32Array.of(1));
  assertEquals(Array.from(some, ({ where }) => where), [labeled[2].where]);
});

Deno.test("a dataset skips an unusable example, and returns the reason", () => {
  const builder = buildDataset({ task: "tagging", tokenizer: SPACES });
  assertEquals(
    builder.add({ text: "a b", label: "A" }),
    'the text "a b" has 2 words and 1 labels; give one label for each word, separated by spaces',
  );
  assertEquals(builder.build().length, 0);
});

Deno.test("a dataset with another tokenizer than the model's is refused", () => {
  const dataset = packed({ task: "classification", tokenizer: TOKENIZER }, labeled);
  const tokenizer = { lowerCase: false, punctuation: "drop" } as const;
  const model = createModel(labeled, { tokenizer });
  const backend = createCpuBackend();
  assertThrows(() => void fitNow(), InputError, "read with settings other than the model's");
  function fitNow() {
    return TEXT_TASKS[0].encode(model, dataset);
  }
  backend.dispose();
});

Deno.test("a text in chunks equals the whole text, with any chunk size", () => {
  const text = `${texts.join("\r\n")}\r\n🇫🇷e\u0301 ${"x".repeat(300)}\n`.repeat(30);
  for (const unit of ["characters", "graphemes", "words"] as const) {
    const reading: Reading = { task: "language-model", unit, normalization: "NFC" };
    for (const size of [1, 7, 1000, 65_537]) {
      const builder = buildDataset(reading);
      builder.begin("book.txt");
      for (let i = 0; i < text.length; i += size) builder.append(text.slice(i, i + size));
      const dataset = builder.build();
      const { tokens } = dataset.texts;
      const found = Array.from(dataset.texts.ids(0), (id) => tokens[id]);
      assertEquals(found, splitSymbols(text.normalize("NFC"), unit));
      assertEquals(dataset.at(0), { text, where: "book.txt" });
    }
  }
});

Deno.test("a text without line breaks or spaces is not split within a token", () => {
  for (const [unit, one] of [["words", "word "], ["characters", "ae\u0301"]] as const) {
    const text = one.repeat(500_000), chunks: string[] = [];
    const chunker = tokenChunks((chunk) => chunks.push(chunk));
    for (let i = 0; i < text.length; i += 99_991) chunker.push(text.slice(i, i + 99_991));
    chunker.end();
    assert(chunks.length > 1 && chunks.join("") === text);
    const tokens = chunks.flatMap((chunk) => splitSymbols(chunk.normalize("NFC"), unit));
    assertEquals(tokens.length, splitSymbols(text.normalize("NFC"), unit).length);
  }
});

Deno.test("an empty text in chunks is refused with its name", () => {
  const builder = buildDataset({ task: "language-model", unit: "words", normalization: "NFC" });
  builder.begin("blank.txt");
  builder.append("  \t ");
  assertThrows(() => builder.build(), InputError, "blank.txt: is empty");
});

Deno.test("packed tokens equal the tokens, also if ids need more than two bytes", () => {
  const all = packTokens(), texts: string[][] = [];
  for (let i = 0; i < 400; i++) {
    const text = Array.from({ length: i }, (_, k) => `a rather long token ${i * 400 + k}`);
    texts.push(text);
    all.add(text);
  }
  all.append(["more"]);
  texts.at(-1)!.push("more");
  assert(all.tokens.length > 2 ** 16);
  const read = (ids: Int32Array) => Array.from(ids, (id) => all.tokens[id]);
  for (const [i, text] of texts.entries()) {
    assertEquals(all.lengthAt(i), text.length);
    assertEquals(read(all.ids(i)), text);
  }
  assertEquals(
    read(selectTexts(all, Uint32Array.of(9, 3)).ids(0, undefined, 2, 4)),
    texts[9].slice(2, 4),
  );
  assertEquals(read(cutText(all, 399, 100, 200).ids(0, undefined, 5)), texts[399].slice(105, 200));
});
