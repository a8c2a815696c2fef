import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createForecaster,
  createLanguageModel,
  createModel,
  createTranslationModel,
  fitLinearTagger,
  type Model,
  predict,
} from "@unroll/core";
import { exportJs, roundedToInt8 } from "@unroll/core/export";
import { assertSame, imported, sourceOf } from "./js.ts";

const MOST = 15 * 1024; // bytes of code

/** Returns the size of a module without its weights, words and labels. */
function codeOf(model: Model): number {
  return sourceOf(model).replace(/^(?:const|let) (WEIGHTS|VOCABULARY|LABELS|ALPHABET) = .*$/gm, "")
    .length;
}

const TAGGED = [{ text: "a b c", label: "X Y X" }, { text: "b a", label: "Y X" }];
const html = { lowerCase: true, punctuation: "drop", fold: "typography", html: "strip" } as const;

Deno.test("a module has less than 15 KB of code, and only what its model needs", () => {
  const tagger = createModel(TAGGED, {
    ...{ head: "token", crf: true, cell: "lstm", hidden: 4, embedding: 4, letters: 3, layers: 3 },
    bidirectional: true,
  });
  tagger.linear = fitLinearTagger(tagger, TAGGED);
  const error = { before: 0, after: 0 };
  tagger.calibration = { network: 0.5, linear: 0.5, examples: 2, error };
  const values = [Float64Array.from({ length: 60 }, (_, t) => Math.sin(t))];
  const series = { columns: ["a"], values, time: values[0].map((_, t) => t * 86_400_000) };
  const blend = { naive: "last value", weight: 0.5 } as const;
  const pairs = [{ text: "ab", label: "c" }];
  const models: Record<string, Model> = {
    article: createModel(TAGGED.map(({ text }) => ({ text, label: text }))),
    tagger,
    forecaster: { ...createForecaster([series], { calendar: true }), blend },
    writer: createLanguageModel([{ text: "abc abc" }], { unit: "graphemes" }),
    translation: createTranslationModel(pairs, { cell: "lnlstm", bidirectional: true }),
  };
  const sizes = Object.entries(models).map(([name, model]) => [name, codeOf(model)] as const);
  for (const [name, size] of sizes) assertLess(size, MOST, name);
  const article = sourceOf(models.article);
  for (const other of ["lstmStep", "crfPredict", "stripHtml", "visitNgrams", "Random"]) {
    assert(!article.includes(other), other);
  }
  for (const source of Object.values(models).map((model) => sourceOf(model))) {
    assert(!/\b(import[ (]|require\(|eval\(|new Function|Deno|process)/.test(source));
  }
  const withHtml = createModel(TAGGED.map(({ text }) => ({ text, label: text })), {
    tokenizer: html,
  });
  assertLess(codeOf(withHtml), MOST);
});

const EXAMPLES = [
  { text: "good film of a kind", label: "up" },
  { text: "bad film", label: "down" },
];
const MODEL = createModel(EXAMPLES, {
  ...{ cell: "gru", hidden: 32, embedding: 24, bidirectional: true, init: "scaled" },
});

Deno.test("int8 weights take about a quarter of the bytes, and predict as the rounded model", async () => {
  const texts = ["a good kind", "bad", ""];
  const [module, types, bytes] = exportJs(MODEL, { int8: true, weights: "m.bin" });
  const [, , whole] = exportJs(MODEL, { weights: "m.bin" });
  assertEquals([module, types, bytes].map(({ suffix }) => suffix), [".js", ".d.ts", ".bin"]);
  const share = bytes.content.length / whole.content.length;
  assertLess(share, 0.3);
  const { predict: own } = await imported(sourceOf(MODEL, { int8: true }));
  const backend = createCpuBackend();
  const answers = await predict(backend, roundedToInt8(MODEL), texts);
  const before = await predict(backend, MODEL, texts);
  backend.dispose();
  for (const [i, { probabilities }] of answers.entries()) {
    assertSame(own(texts[i]).probabilities, probabilities);
    assertAlmostEquals(probabilities.up, before[i].probabilities.up, 0.02);
  }
});

Deno.test("separate weights of a module are loaded from bytes, a response or a URL", async () => {
  const [{ content }, types, { content: bytes }] = exportJs(MODEL, { weights: "m.bin" });
  assert(String(types.content).includes("export function load"));
  const expected = (await imported(sourceOf(MODEL))).predict("good");
  const source = String(content);
  const fresh = async (k: number) => await imported(`${source}// ${k}`);
  const first = await fresh(1);
  await assertRejects(() => Promise.resolve().then(() => first.predict("good")), Error, "load()");
  await assertRejects(() => first.load(new Uint8Array(3)), Error, "bytes, got 3");
  await first.load(bytes);
  assertEquals(first.predict("good"), expected);
  const second = await fresh(2);
  await second.load(new Response(bytes as BodyInit));
  assertEquals(second.predict("good"), expected);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/m.bin`, bytes as Uint8Array);
    await Deno.writeTextFile(`${folder}/m.js`, source);
    const third = await import(`file://${folder}/m.js`);
    await third.load();
    assertEquals(third.predict("good"), expected);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
