import { createModel, InputError, readWordVectors } from "@unroll/core";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";

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

Deno.test("readWordVectors() reads a file in pieces of any size, with a header or without", async () => {
  for (const file of [GLOVE, `4 3\n${GLOVE}`, `4 3\n${GLOVE.replaceAll("\n", " \r\n")}\n\n`]) {
    for (let size = 1; size <= file.length + 10; size++) {
      const { dimensions, vectors } = await read(file, ["the", "schön", "好", "absent"], size);
      assertEquals([dimensions, vectors], [3, FOUND]);
    }
  }
});

Deno.test("readWordVectors() takes words with spaces, tabs between fields, and no last newline", async () => {
  assertEquals((await read(GLOVE, [". . ."])).vectors, { ". . .": [7, 8, 9] });
  assertEquals((await read("a\t1\t2\nb\t3\t4", ["b"])).vectors, { b: [3, 4] });
  assertEquals((await read("a 1 2\nb  3  4 \n", ["b"])).vectors, { b: [3, 4] });
  assertEquals((await read("\ufeffa 1\nb 2\n", ["a"])).vectors, { a: [1] });
});

Deno.test("readWordVectors() takes the first of two, and a word in its own case before another", async () => {
  const file = "The 1\nTHE 2\nthe 3\nthe 4\nParis 5\nPARIS 6\n";
  assertEquals((await read(file, ["the", "paris", "PARIS"])).vectors, {
    the: [3],
    paris: [5],
    PARIS: [6],
  });
});

Deno.test("readWordVectors() finds nothing where nothing is wanted", async () => {
  assertEquals(await read(GLOVE, ["absent"]), { dimensions: 3, vectors: {} });
});

Deno.test("readWordVectors() gives one line's vector to a word and to its lower case", async () => {
  assertEquals((await read("The 1\n", ["The", "the"])).vectors, { The: [1], the: [1] });
  assertEquals((await read("ＴＨＥ 1\n", ["the"])).vectors, { the: [1] });
});

Deno.test("readWordVectors() leaves out a byte order mark only where the file begins", async () => {
  const file = "\ufeffa 1\n\ufeffb 2\n";
  assertEquals((await read(file, ["a", "b", "\ufeffb"], 1)).vectors, { a: [1], "\ufeffb": [2] });
});

Deno.test("readWordVectors() takes names of JavaScript's own for words like any other", async () => {
  const { vectors } = await readWordVectors(pieces("toString 1\n__proto__ 2\n"), ["__proto__"]);
  assertEquals([...vectors], [["__proto__", Float32Array.of(2)]]);
});

Deno.test("readWordVectors() takes a producer that fills one buffer again and again", async () => {
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
  ["nothing", "", "v.txt:1: no vectors"],
  ["a header alone", "0 3\n", "v.txt:1: no vectors"],
  ["too few numbers", "a 1 2 3\nb 1 2\n", "v.txt:2: expected a word and 3 numbers, got 2 fields"],
  ["a word alone", "a\n", "v.txt:1: expected a word and from 1 to 10000 numbers, got 0"],
  ["no number", "a 1 2\nb 1 x\n", 'v.txt:2: "x" is no number'],
  ["an infinite number", "a 1 2\nb 1 1e999\n", 'v.txt:2: "1e999" is no number'],
  ["fewer vectors than promised", "3 1\na 1\nb 2\n", "v.txt:3: the first line promises 3 vectors"],
  ["too many dimensions", "1 20000\n", "v.txt:1: expected a word and from 1 to 10000 numbers"],
  ["word2vec's binary form", Uint8Array.of(49, 32, 50, 10, 97, 32, 0, 0), "binary form"],
  [
    "bytes that are not UTF-8",
    Uint8Array.of(97, 32, 49, 10, 0xff, 32, 49, 10),
    "v.txt:2: not UTF-8",
  ],
  ["a number infinite in 32 bits", "a 1 2\nb 1 1e39\n", 'v.txt:2: "1e39" is no number'],
  ["a million digits and an x", `a ${"1".repeat(1e6)}x\n`, `v.txt:1: "${"1".repeat(40)}…" is no`],
  ["a hexadecimal number", "a 1 2\nb 1 0x10\n", 'v.txt:2: "0x10" is no number'],
  ["a no-break space in a number", "a 1 2\nb 1\u00a03 4\n", 'v.txt:2: "1\u00a03" is no number'],
  ["a first line without numbers", "x y z\na 1 2\n", 'v.txt:1: "y" is no number'],
  ["an unwanted word's number not in ASCII", "a 1\nc ½\n", 'v.txt:2: "½" is no number'],
  ["an unwanted word's too few numbers", "a 1 2\nc 1\n", "v.txt:2: expected a word and 2 numbers"],
  ["numbers without a word", "a 1 2\n 1 2\n", "v.txt:2: expected a word and 2 numbers, got 1"],
  ["more numbers than promised", "1 2\na 1 2 3\n", "v.txt:2: 3 numbers, but the first line"],
  ["more vectors than promised", "1 1\na 1\nb 2\n", "v.txt:3: the first line promises 1 vectors"],
  ["no dimensions", "1 0\n", "v.txt:1: expected a word and from 1 to 10000 numbers, got 0"],
  ["a byte order mark alone", "\ufeff\n\n", "v.txt:2: no vectors"],
  ["a zero byte by its line", "a 1\nb 2\nc \0\n", "v.txt:3: a zero byte"],
  ["what is wrong before a zero byte", "a 1\nb x\n\0\n", 'v.txt:2: "x" is no number'],
  [
    "numbers that are not UTF-8, though the word is not wanted",
    Uint8Array.of(97, 32, 49, 10, 99, 32, 0xff, 10),
    "v.txt:2: not UTF-8",
  ],
  ["a line too long", `a 1\n${"b".repeat(2 ** 20)} 1\n`, "v.txt:2: a line of more than 1048576"],
  ["a line without end", "a 1\n" + "b".repeat(3_000_000), "v.txt:2: a line of more than 1048576"],
];

for (const [what, content, message] of malformed) {
  Deno.test(`readWordVectors() names ${what}`, async () => {
    for (const size of content.length < 100 ? [1, 3, Infinity] : [2 ** 16, 2 ** 20, Infinity]) {
      await assertRejects(() => read(content, ["a", "b"], size), InputError, message);
    }
  });
}

Deno.test("readWordVectors() keeps of a large file what is wanted", async () => {
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

Deno.test("createModel() fills its embedding from word vectors, the rest small and random", async () => {
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
