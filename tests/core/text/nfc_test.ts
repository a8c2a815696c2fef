import {
  createLanguageModel,
  createTranslationModel,
  evaluate,
  generate,
  predict,
  readModel,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { toNfc } from "#core/text/nfc.ts";
import { assertEquals, assertRejects } from "@std/assert";

const NFC = "caf\u00e9 na\u00efve ".repeat(20), NFD = NFC.normalize("NFD");
const NETWORK = { cell: "gru", hidden: 8 } as const;

Deno.test("toNfc() returns NFC, and limits the number of combining marks", () => {
  assertEquals([toNfc(NFD), toNfc("plain")], [NFC, "plain"]);
  assertEquals(toNfc("\u1112\u1161\u11ab e\u0301"), "한 é");
  assertEquals(toNfc("x" + "\u0301\u0323".repeat(500_000)).length < 40, true);
});

Deno.test("a language model reads texts and prompts in NFC and NFD alike", async () => {
  const backend = createCpuBackend();
  const model = createLanguageModel([{ text: NFD }], NETWORK);
  assertEquals(model, createLanguageModel([{ text: NFC }], NETWORK));
  assertEquals(model.vocabulary.includes("\u0301"), false);
  const written = async (prompt: string) => {
    let text = "";
    for await (const chunk of generate(backend, model, { prompt, length: 10 })) text += chunk;
    return text;
  };
  assertEquals(await written("cafe\u0301"), await written("caf\u00e9"));
  const measured = await Promise.all(
    [NFD, NFC].map((text) => evaluate(backend, model, [{ text }])),
  );
  assertEquals(measured[0], measured[1]);
  const curly = createLanguageModel([{ text: "“a’\u00a0\u00ad" }], NETWORK);
  assertEquals(curly.vocabulary.length, 7); // typography is kept

  backend.dispose();
});

Deno.test("a translation model reads sources and targets in NFC and NFD alike", async () => {
  const backend = createCpuBackend();
  const pairs = [{ text: "e\u0301", label: "o\u0308" }, { text: "a", label: "b" }];
  const model = createTranslationModel(pairs, NETWORK);
  assertEquals(model.vocabulary, ["<unk>", "a", "\u00e9"]);
  assertEquals(model.labels, ["<unk>", "b", "\u00f6", "<start or end>"]);
  const [one, other] = await predict(backend, model, ["e\u0301", "\u00e9"]);
  assertEquals(one.probability, other.probability);
  assertEquals(await readModel(new Blob([writeModel(model)])), model);
  backend.dispose();
});

Deno.test("a model file without a normalization reads texts unchanged; an unknown one is refused", async () => {
  const backend = createCpuBackend();
  const { normalization: _, ...model } = createLanguageModel([{ text: "e\u0301\u00e9x" }], NETWORK);
  const before = { ...model, vocabulary: ["<unk>", "e", "x", "\u0301", "<start or end>"] };
  before.labels = before.vocabulary.slice(0, -1);
  const { weights } = createLanguageModel([{ text: "abc" }], NETWORK);
  const read = await readModel(new Blob([writeModel({ ...before, weights })]));
  assertEquals(read, { ...before, weights: (read as typeof model).weights });
  await assertRejects(
    async () => {
      for await (const _ of generate(backend, read as typeof model, { prompt: "\u00e9" }));
    },
    Error,
    "the prompt has characters that the model has not seen",
  );
  for await (const _ of generate(backend, read as typeof model, { prompt: "e\u0301", length: 1 }));
  const later = { ...model, normalization: "NFKC" };
  await assertRejects(
    () => readModel(new Blob([writeModel(later)])),
    Error,
    'normalizes texts in an unknown form, "NFKC"; update Unroll',
  );
  backend.dispose();
});
