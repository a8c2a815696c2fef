import {
  createModel,
  InputError,
  predict,
  readModel,
  readWordVectors,
  train,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

async function* pieces(content: string | Uint8Array, size = Infinity): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (content: string | Uint8Array, words: string[], size?: number) => {
  const { dimensions, vectors } = await readWordVectors(pieces(content, size), words, {
    name: "v.txt",
  });
  const plain = Object.fromEntries([...vectors].map(([word, vector]) => [word, [...vector]]));
  return { dimensions, vectors: plain };
};

const GLOVE = "the 0.5 -1 2e-3\nschön 1 2 3\n好 4 5 6\n. . . 7 8 9\n";
const FOUND = { the: [0.5, -1, Math.fround(2e-3)], "schön": [1, 2, 3], "好": [4, 5, 6] };

Deno.test("readWordVectors() reads a file in chunks of any size, with or without a header", async () => {
  for (const file of [GLOVE, `4 3\n${GLOVE}`, `4 3\n${GLOVE.replaceAll("\n", " \r\n")}\n\n`]) {
    for (let size = 1; size <= file.length + 10; size++) {
      const { dimensions, vectors } = await read(file, ["the", "schön", "好", "absent"], size);
      assertEquals([dimensions, vectors], [3, FOUND]);
    }
  }
});

Deno.test("readWordVectors() accepts words with spaces, tabs between fields, and no last newline", async () => {
  assertEquals((await read(GLOVE, [". . ."])).vectors, { ". . .": [7, 8, 9] });
  assertEquals((await read("a\t1\t2\nb\t3\t4", ["b"])).vectors, { b: [3, 4] });
  assertEquals((await read("a 1 2\nb  3  4 \n", ["b"])).vectors, { b: [3, 4] });
  assertEquals((await read("\ufeffa 1\nb 2\n", ["a"])).vectors, { a: [1] });
});

Deno.test("readWordVectors() prefers the first duplicate, and a word in the same case", async () => {
  const file = "The 1\nTHE 2\nthe 3\nthe 4\nParis 5\nPARIS 6\n";
  assertEquals((await read(file, ["the", "paris", "PARIS"])).vectors, {
    the: [3],
    paris: [5],
    PARIS: [6],
  });
});

Deno.test("readWordVectors() returns no vectors if the file has none of the words", async () => {
  assertEquals(await read(GLOVE, ["absent"]), { dimensions: 3, vectors: {} });
});

Deno.test("readWordVectors() uses one line's vector for a word and its lower case", async () => {
  assertEquals((await read("The 1\n", ["The", "the"])).vectors, { The: [1], the: [1] });
  assertEquals((await read("ＴＨＥ 1\n", ["the"])).vectors, { the: [1] });
});

Deno.test("readWordVectors() skips a byte order mark only at the start of the file", async () => {
  const file = "\ufeffa 1\n\ufeffb 2\n";
  assertEquals((await read(file, ["a", "b", "\ufeffb"], 1)).vectors, { a: [1], "\ufeffb": [2] });
});

Deno.test("readWordVectors() accepts words that are JavaScript property names", async () => {
  const { vectors } = await readWordVectors(pieces("toString 1\n__proto__ 2\n"), ["__proto__"]);
  assertEquals([...vectors], [["__proto__", Float32Array.of(2)]]);
});

Deno.test("readWordVectors() accepts a producer that reuses one buffer", async () => {
  async function* reused(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(5);
    for await (const piece of pieces(GLOVE, buffer.length)) {
      buffer.set(piece);
      yield buffer.subarray(0, piece.length);
    }
  }
  const { vectors } = await readWordVectors(reused(), Object.keys(FOUND));
  assertEquals(Object.fromEntries([...vectors].map(([word, v]) => [word, [...v]])), FOUND);
});

const malformed: [string, string | Uint8Array, string][] = [
  ["an empty file", "", "v.txt:1: no vectors"],
  ["a header alone", "0 3\n", "v.txt:1: no vectors"],
  ["a word alone", "a\n", "v.txt:1: expected a word and from 1 to 10000 numbers, got 0"],
  ["fewer vectors than declared", "3 1\na 1\nb 2\n", "v.txt:3: the first line says 3 vectors"],
  ["too many dimensions", "1 20000\n", "v.txt:1: expected a word and from 1 to 10000 numbers"],
  ["word2vec's binary format", Uint8Array.of(49, 32, 50, 10, 97, 32, 0, 0), "binary format"],
  ["a million digits and an x", `a ${"1".repeat(1e6)}x\n`, `v.txt:1: "${"1".repeat(40)}…" is no`],
  ["more numbers than declared", "1 2\na 1 2 3\n", "v.txt:2: 3 numbers, but the first line"],
  ["more vectors than declared", "1 1\na 1\nb 2\n", "v.txt:3: the first line says 1 vectors"],
  ["no dimensions", "1 0\n", "v.txt:1: expected a word and from 1 to 10000 numbers, got 0"],
  ["a byte order mark alone", "\ufeff\n\n", "v.txt:2: no vectors"],
  ["the line of a zero byte", "a 1\nb 2\nc \0\n", "v.txt:3: a zero byte"],
  [
    "a line that is too long",
    `a 1\n${"b".repeat(2 ** 20)} 1\n`,
    "v.txt:2: a line of more than 1048576",
  ],
  ["a gzip file", Uint8Array.of(0x1f, 0x8b, 8, 0, 0), "v.txt:1: compressed by gzip"],
  ["a zero byte after a skipped line", "a 1\nb x\n\0\n", "v.txt:3: a zero byte"],
  ["a .zip file", Uint8Array.of(0x50, 0x4b, 3, 4, 10, 0, 0), "v.txt:1: a .zip file; unpack it"],
  ["JSON", '{"a": [1, 2]}\n{"b": [1]}\n', 'v.txt:1: "[1," is not a number; 2 of 2 lines cannot be'],
  [
    "a single line of JSON",
    '{"a": [1, 2]}\n',
    "it looks like JSON; give a word and its numbers on",
  ],
  ["a table", "a,1,2\nb,3,4\n", "it looks like a table with commas"],
  ["an HTML page", "<html><body>\nNot found\n", "it looks like HTML or XML"],
  [
    "a Git LFS pointer",
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "Git LFS",
  ],
  ["prose", "it was a dark night\nand more\n", 'the file begins with "it was a dark night"; give'],
  [
    "lines of different lengths",
    "a 1\nb 1 2\nc 1 2 3\n",
    'v.txt:2: the word "b 1" contains whitespace; 2',
  ],
  [
    "early that most lines are invalid",
    "a 1\n" + "b x\n".repeat(1e5),
    "999 of the first 1000 lines cannot be",
  ],
  [
    "a line that never ends",
    "a 1\n" + "b".repeat(3_000_000),
    "v.txt:2: a line of more than 1048576",
  ],
];

for (const [what, content, message] of malformed) {
  Deno.test(`readWordVectors() reports ${what}`, async () => {
    for (const size of content.length < 100 ? [1, 3, Infinity] : [2 ** 16, 2 ** 20, Infinity]) {
      await assertRejects(() => read(content, ["a", "b"], size), InputError, message);
    }
  });
}

/** Lines that are skipped, or refused if most lines are such: a valid line and an invalid one. */
const odd: [what: string, good: string, odd: string | number[], message: string][] = [
  ["too few numbers", "a 1 2 3", "b 1 2", "expected a word and 3 numbers, got 2 fields"],
  ["a field that is not a number", "a 1 2", "b 1 x", '"x" is not a number'],
  ["an infinite number", "a 1 2", "b 1 1e999", '"1e999" is not a number'],
  ["bytes that are not UTF-8", "a 1", [0xff, 32, 49], "not UTF-8"],
  ["a number that overflows float32", "a 1 2", "b 1 1e39", '"1e39" is not a number'],
  ["a hexadecimal number", "a 1 2", "b 1 0x10", '"0x10" is not a number'],
  ["a no-break space in a number", "a 1 2", "b 1\u00a03 4", '"1\u00a03" is not a number'],
  ["NaN", "a 1 2", "b 1 NaN", '"NaN" is not a number'],
  ["NaN for an unwanted word", "a 1 2", "c nan 1", '"nan" is not a number'],
  ["a non-ASCII number of an unwanted word", "a 1", "c ½", '"½" is not a number'],
  [
    "too few numbers for an unwanted word",
    "a 1 2",
    "c 1",
    "expected a word and 2 numbers, got 1 field",
  ],
  ["numbers without a word", "a 1 2", " 1 2", "expected a word and 2 numbers, got 1"],
  ["a tab instead of a word", "a 1 2", "\t 1 2", "expected a word and 2 numbers, got 1"],
  ["a word that contains a tab", "a 1 2", "x\ty 1 2", 'the word "x\\ty" contains whitespace'],
  ["bytes that are not UTF-8, of an unwanted word", "a 1", [99, 32, 0xff], "not UTF-8"],
];

const bytesOf = (line: string | number[]) =>
  typeof line === "string" ? [...new TextEncoder().encode(line), 10] : [...line, 10];

for (const [what, good, line, message] of odd) {
  Deno.test(`readWordVectors() skips a line with ${what}, and refuses a file of such lines`, async () => {
    const mixed = Uint8Array.from([good, line].flatMap(bytesOf));
    const most = Uint8Array.from([good, line, line].flatMap(bytesOf));
    for (const size of [1, 3, Infinity]) {
      const found = await readWordVectors(pieces(mixed, size), ["a", "b"]);
      assertEquals([[...found.vectors.keys()], found.leftOut], [["a"], 1]);
      assertEquals(found.problems.map(({ line }) => line), [2]);
      assertStringIncludes(found.problems[0].problem, message);
      const error = await assertRejects(() => read(most, ["a", "b"], size), InputError);
      assertStringIncludes(error.message, `v.txt:2: ${message}`);
      assertStringIncludes(error.message, "2 of 3 lines cannot be read");
    }
  });
}

Deno.test("readWordVectors() skips a first line without numbers", async () => {
  const found = await readWordVectors(pieces("word x1 x2\na 1 2\nb 3 4\n"), ["a", "b"]);
  assertEquals([found.dimensions, found.vectors.size], [2, 2]);
  assertEquals(found.problems, [{ line: 1, problem: '"x1" is not a number' }]);
  const error = await assertRejects(() => read("x y z\nx y z\na 1 2\n", ["a"]), InputError);
  assertStringIncludes(error.message, 'v.txt:1: "y" is not a number');
});

Deno.test("readWordVectors() counts duplicate words, but does not refuse them", async () => {
  const found = await readWordVectors(pieces("a 1\na 2\na 3\nc 1\nc 1\n"), ["a"]);
  assertEquals(found.vectors.get("a"), Float32Array.of(1));
  assertEquals([found.leftOut, found.problems[0]], [2, {
    line: 2,
    problem: 'the word "a" is repeated',
  }]);
});

Deno.test("readWordVectors() reports ten invalid lines, and counts all, also if the file has a header", async () => {
  const lines = Array.from({ length: 50 }, (_, i) => i % 3 === 1 ? `w${i} 1 x` : `w${i} 1 2`);
  const found = await readWordVectors(pieces(`50 2\n${lines.join("\n")}\n`), ["w0"]);
  assertEquals([found.leftOut, found.problems.length, found.problems[9].line], [17, 10, 30]);
});

Deno.test("readWordVectors() keeps the file's first words, normalized like those of a text", async () => {
  const file = "the 1\n, 2\nGood 3\ndon’t 4\n<unk> 5\nGood 6\ngood 7\nNew York 8\nrare 9\n";
  const tokenizer = { lowerCase: true, punctuation: "drop", fold: "typography" } as const;
  const keep = async (count: number) =>
    await readWordVectors(pieces(file, 3), ["the"], { keep: count, tokenizer });
  assertEquals((await keep(0)).kept, []);
  const { kept, vectors } = await keep(5);
  assertEquals(kept, ["good", "don't"]);
  assertEquals(vectors.get("good"), Float32Array.of(7)); // in the same case, although it is later
  assertEquals(vectors.get("don't"), Float32Array.of(4));
  assertEquals((await keep(100)).kept, ["good", "don't", "rare"]);
  const cased = await readWordVectors(pieces(file), ["the"], { keep: 3 });
  assertEquals(cased.kept, [",", "Good"]);
  await assertRejects(() => keep(-1), InputError, "the number of words to keep");
});

Deno.test("readWordVectors() finds a word that the file has with other typography", async () => {
  const tokenizer = { lowerCase: true, punctuation: "drop", fold: "typography" } as const;
  const { vectors } = await readWordVectors(pieces("x 1\nDon’t 2\n"), ["don't"], { tokenizer });
  assertEquals([...vectors], [["don't", Float32Array.of(2)]]);
});

const PAIR = [{ text: "good day", label: "up" }, { text: "bad day", label: "down" }];

Deno.test("createModel() adds kept words of vectors to the vocabulary, without changing training", async () => {
  const file = "good 1 2\nbad -1 -2\nfine 0.5 1\nday 0 1\nawful -1 -1\n";
  const backend = createCpuBackend();
  const trained = async (keep: number) => {
    const vectors = await readWordVectors(pieces(file), ["good", "bad", "day"], { keep });
    const model = createModel(PAIR, { cell: "gru", hidden: 4, vectors });
    const options = { epochs: 5, optimizer: { name: "adamw", weightDecay: 0.1 } } as const;
    for await (const _ of train(backend, model, PAIR, { ...options, clipNorm: 1 }));
    return model;
  };
  const [without, some, all] = [await trained(0), await trained(3), await trained(9)];
  assertEquals(without.vocabulary, ["<unk>", "bad", "day", "good"]);
  assertEquals(some.vocabulary, [...without.vocabulary, "fine"]);
  assertEquals(all.vocabulary, [...without.vocabulary, "fine", "awful"]);
  const { embedding, ...others } = all.weights;
  const { embedding: own, ...same } = without.weights;
  assertEquals(others, same);
  assertEquals(embedding.slice(0, own.length), own);
  assertEquals([...embedding.slice(own.length)], [0.5, 1, -1, -1]);
  const [fine] = await predict(backend, all, ["fine"]);
  assertEquals(fine.unknownWords, []);
  assertEquals(await readModel(new Blob([writeModel(all)])), all);
  // For a text without kept words, the logits are the same as without them in the model.
  const asked = async (model: typeof all) => (await predict(backend, model, ["bad day"]))[0].logits;
  assertEquals(await asked(all), await asked(without));
  backend.dispose();
});

Deno.test("createModel() does not use kept words for the vectors of training words", () => {
  const vectors = {
    dimensions: 1,
    vectors: new Map([["x", Float32Array.of(1)]]),
    kept: ["x", "y"],
  };
  assertThrows(
    () => createModel(PAIR, { vectors }),
    InputError,
    'such as "bad", "day", "good"; give',
  );
});

Deno.test("readWordVectors() keeps only the wanted words of a large file", async () => {
  const numbers = Array.from({ length: 50 }, (_, i) => (i / 7).toFixed(4)).join(" ");
  async function* lines(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 200_000; i += 100) {
      const some = Array.from({ length: 100 }, (_, k) => `w${i + k} ${numbers}\n`);
      yield new TextEncoder().encode(some.join(""));
    }
  }
  const { dimensions, vectors } = await readWordVectors(lines(), ["w7", "w199999", "w200000"]);
  assertEquals([dimensions, [...vectors.keys()]], [50, ["w7", "w199999"]]);
});

Deno.test("createModel() initializes its embedding from word vectors, and other rows at random", async () => {
  const examples = [{ text: "good day", label: "up" }, { text: "bad day", label: "down" }];
  const file = "good 1 2\nbad -1 -2\n";
  const vectors = await readWordVectors(pieces(file), ["good", "bad", "day"]);
  const { config, vocabulary, weights } = createModel(examples, { cell: "gru", vectors });
  assertEquals(config.embedding, 2);
  const row = (word: string) => {
    const id = vocabulary.indexOf(word);
    return [...weights.embedding.subarray(2 * id, 2 * id + 2)];
  };
  assertEquals([row("good"), row("bad")], [[1, 2], [-1, -2]]);
  assert(row("day").every((value) => value !== 0 && Math.abs(value) < 1));
  assertNotEquals(row("day"), row("<unk>"));
});
