import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, opsOf, Random } from "@unroll/core";
import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { checkConfig, networkConfig } from "#core/network/config.ts";
import { inputsOf } from "#core/network/inputs.ts";
import { createTextBatch, hideRareWords } from "#core/network/text_batch.ts";
import { batchHandles } from "#core/network/batch.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import {
  CPU_BACKENDS,
  passes,
  randomExamples,
  randomWeights,
  relativeError,
  replacing,
  withoutFused,
} from "#tests/support/helpers.ts";
import { letterCases, spellingsOf } from "#tests/support/letter_cases.ts";

const WORDS = 4, LETTERS = 5, LABELS = 3;

// Two spellings of one word, unknown words, and words of many lengths, one without letters.
const spellings = spellingsOf(
  [
    { word: 1, letters: [1, 2] },
    { word: 1, letters: [3, 2] },
    { word: 0, letters: [4, 0, 1, 1, 2] },
    { word: 2, letters: [4] },
    { word: 0, letters: [] },
    { word: 3, letters: [2, 1, 4] },
  ],
  WORDS,
  LETTERS,
);

function taggedExamples(seed: number, lengths: number[]): EncodedExample[] {
  return randomExamples(seed, lengths, 6, LABELS, { head: "token" })
    .map((example) => ({ ...example, spellings }));
}

const backends: [string, Backend][] = [
  ["the fused ops", createCpuBackend({ dtype: "float64" })],
  ["compositions of primitives", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

for (const [path, backend] of backends) {
  Deno.test(`backward() through letters by ${path} equals finite differences`, async () => {
    const networks = [
      { cell: "lstm", bidirectional: true, dropout: 0.4 },
      { cell: "rnn", layers: 2 },
      { cell: "gru", frozen: true },
    ] as const;
    for (const network of networks.slice(0, path === "the fused ops" ? 3 : 1)) {
      const config = networkConfig({
        ...{ hidden: 2, embedding: 2, letters: 1, head: "token" },
        ...network,
      });
      const weights = randomWeights(4, config, WORDS, LABELS, LETTERS);
      const examples = taggedExamples(4, [3, 1, 5]);
      const options = { dropout: config.dropout > 0 };
      const { gradients } = await passes(backend, config, weights, examples, options);
      const loss = async () => (await passes(backend, config, weights, examples, options)).loss;
      const { embedding, ...others } = weights;
      const trained = config.frozen ? others : { embedding, ...others };
      assertEquals(Object.keys(gradients).sort(), Object.keys(trained).sort());
      assertLess(await relativeError(trained, gradients, loss), 1e-6, JSON.stringify(network));
    }
  });
}

for (const [name, create] of Object.entries(CPU_BACKENDS)) {
  for (const each of letterCases()) {
    Deno.test(`${name} ${each.name}`, () => each.run(create()));
  }
}

Deno.test("words have the same logits with and without padding of their letters", async () => {
  const config = networkConfig({ hidden: 3, embedding: 2, letters: 3, head: "token" });
  const weights = randomWeights(2, config, WORDS, LABELS, LETTERS);
  const examples = taggedExamples(2, [4, 2, 1]);
  const backend = createCpuBackend({ dtype: "float64" });
  const padded = replacing(backend, { attention: undefined }); // so that shapes are padded
  const [a, b] = [
    await passes(backend, config, weights, examples),
    await passes(padded, config, weights, examples),
  ];
  assertEquals([...a.logits], [...b.logits]);
  assertEquals(a.gradients, b.gradients);
});

Deno.test("a batch has each distinct spelling once, and frees everything", () => {
  const backend = createCpuBackend(), ops = opsOf(backend);
  const config = networkConfig({ hidden: 3, embedding: 2, letters: 3, head: "token" });
  const sentences = [Int32Array.of(5, 5, 2), Int32Array.of(2, 0, 1, 5)];
  const batch = createTextBatch(ops, config, sentences, spellings);
  assertEquals(batch.spelled!.letters.size, 4);
  assertEquals(batch.words.length, 8);
  ops.dispose(batchHandles(batch));
  assertEquals(backend.live, 0);
});

Deno.test("the gradient of a large embedding is sparse, and equals the dense one of a small embedding", async () => {
  const backend = createCpuBackend({ dtype: "float64" }), ops = opsOf(backend);
  const config = networkConfig({ hidden: 3, embedding: 2, letters: 1, head: "token" });
  const sentences = [Int32Array.of(5, 5, 2), Int32Array.of(2, 0, 1)];
  const random = new Random(2);
  const dx = ops.tensor(Array.from({ length: 6 * 4 }, () => random.uniform()), [6, 4]);
  const gradientOf = (words: number) => {
    const batch = createTextBatch(ops, config, sentences, { ...spellings, words });
    return inputsOf(config).backward(ops, config, dx, batch, {}).gradients.embedding;
  };
  const [dense, sparse] = [WORDS, 2 ** 21 + 1].map(gradientOf);
  assertEquals([dense.rows, dense.values.shape], [undefined, [WORDS, 2]]);
  assertLess(sparse.values.shape[0], 5);
  const added = ops.update(ops.zeros([2 ** 21 + 1, 2]), sparse.values, {
    ...{ keep: 1, add: 1 },
    rows: sparse.rows,
  });
  const [expected, found] = await ops.read([dense.values, ops.sliceRows(added, 0, WORDS)]);
  assertEquals(found, expected);
  backend.dispose();
});

Deno.test("training hides a word of count c with probability 0.25 / (0.25 + c)", () => {
  const counts = Float64Array.of(0, 1, 1000, 0.75), random = new Random(1);
  const times = 20_000, hidden = [0, 0, 0, 0];
  for (let i = 0; i < times; i++) {
    const { wordOf } = hideRareWords(spellings, counts, random);
    for (const id of [0, 3, 5]) {
      const word = spellings.wordOf(id);
      if (wordOf(id) === 0) hidden[word]++;
      assertEquals(wordOf(id), wordOf(id)); // the same within a batch
    }
    assertEquals(wordOf(0), wordOf(1)); // and for all spellings of a word
    assertEquals(wordOf(2), 0);
  }
  const expected = [0, 0.2, 0.25 / 1000.25, 0.25];
  for (const [word, p] of expected.entries()) {
    assertLess(Math.abs(hidden[word] / times - p), 0.01, `word ${word}`);
  }
});

Deno.test("checkConfig() throws if letters lack a word embedding or the head token", () => {
  const config = networkConfig({ head: "token", embedding: 4, letters: 3 });
  checkConfig(config);
  for (
    const [wrong, message] of [
      [{ embedding: 0 }, "letters need an embedding size of at least 1"],
      [{ head: "max" }, "letters are for the head token"],
      [{ letters: 1.5 }, "the letters' size must be a whole number"],
    ] as const
  ) {
    assertThrows(() => checkConfig({ ...config, ...wrong }), Error, message);
  }
});
