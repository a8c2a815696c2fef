import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "@unroll/core";
import { parseTokenList } from "@unroll/core/import";
import { symbolOrder, wordOrder } from "#core/import/ids.ts";

const tokenizer = (model: unknown, more: object = {}) =>
  JSON.stringify({ version: "1.0", ...more, model });

Deno.test("parseTokenList() reads lines, JSON lists, JSON objects and tokenizers of whole words", () => {
  const words = ["[PAD]", "b", "a"];
  const texts: [string, string][] = [
    ["[PAD]\nb\na\n", "v.txt"],
    ["\ufeff[PAD]\r\nb\r\na", "v.txt"],
    ['["[PAD]", "b", "a"]', "v.txt"],
    ['{"a": 2, "[PAD]": 0, "b": 1}', "v.json"],
    [tokenizer({ type: "WordLevel", vocab: { b: 1, a: 2, "[PAD]": 0 } }), "tokenizer.json"],
    [
      tokenizer({ vocab: { b: 1, a: 2 } }, { added_tokens: [{ id: 0, content: "[PAD]" }] }),
      "tokenizer.json",
    ],
  ];
  for (const [text, name] of texts) assertEquals(parseTokenList(text, name).words, words, text);
});

Deno.test("parseTokenList() adopts the settings of a tokenizer, and reports unsupported ones", () => {
  const vocab = { "[UNK]": 0, a: 1 };
  const list = parseTokenList(
    tokenizer({ type: "WordLevel", vocab, unk_token: "[UNK]" }, {
      normalizer: {
        type: "Sequence",
        normalizers: [{ type: "Lowercase" }, { type: "StripAccents" }],
      },
      pre_tokenizer: { type: "WhitespaceSplit" },
    }),
    "t.json",
  );
  assertEquals(list, {
    name: "t.json",
    words: ["[UNK]", "a"],
    unknown: "[UNK]",
    reading: { lowerCase: true, split: "spaces", punctuation: "keep" },
    notes: ['t.json: its step "StripAccents" is not supported and was ignored'],
  });
});

Deno.test("parseTokenList() reports the line or id, and the problem", () => {
  const cases: [text: string, name: string, expected: string][] = [
    ["", "v.txt", "v.txt: has no words"],
    ["a\n\nb\n", "v.txt", "v.txt:2: is empty"],
    ["a\nb\na\n", "v.txt", 'v.txt: has "a" on line 1 and on line 3; give each word once'],
    ['["a", "a"]', "v.json", 'v.json: has "a" at ids 0 and 1'],
    ["a\nb", "v.json", "v.json: is not JSON; give a JSON file"],
    ['["a", 7]', "v.json", 'v.json: must be a list of words, but has "7" at index 1'],
    ["7", "v.json", 'v.json: must be a list of words, or an object of ids, {"word": 0}'],
    ['{"a": "x"}', "v.json", 'v.json: gives "a" the id "x"; ids must be integers of at least 0'],
    ['{"a": -1}', "v.json", 'gives "a" the id "-1"'],
    ['{"a": 0, "b": 5}', "v.json", 'gives "b" the id 5, but has 2 words'],
    ['{"a": 0, "b": 0}', "v.json", 'gives "a" and "b" the id 0'],
    [tokenizer({ type: "BPE", vocab: {} }), "v.json", 'is a tokenizer of type "BPE"'],
  ];
  for (const [text, name, expected] of cases) {
    assertThrows(() => parseTokenList(text, name), InputError, expected);
  }
});

const lines = (...words: string[]) => parseTokenList(words.join("\n"), "v.txt");

Deno.test("wordOrder() moves the unknown word to the front, or adds it", () => {
  const order = wordOrder(lines("<pad>", "a", "[UNK]", "b"), {});
  assertEquals(order, { words: ["<unk>", "<pad>", "a", "b"], rows: Int32Array.of(2, 0, 1, 3) });
  assertEquals(wordOrder(lines("a", "b"), {}).rows, Int32Array.of(-1, 0, 1));
  assertEquals(wordOrder(lines("a", "b"), { unknown: "b" }).words, ["<unk>", "a"]);
  const both = () => wordOrder(lines("<unk>", "a"), { unknown: "a" });
  assertThrows(both, InputError, 'v.txt: has <unk> and the unknown word "a"');
});

Deno.test("symbolOrder() uses one symbol for start and end", () => {
  const { read, predicted, hasEnd } = symbolOrder(lines("<s>", "</s>", "<unk>", "a"), {});
  assertEquals([read.words, predicted.words, hasEnd], [
    ["<unk>", "<s>", "a", "<start or end>"],
    ["<unk>", "<s>", "a", "<start or end>"],
    true,
  ]);
  assertEquals([read.rows, predicted.rows], [Int32Array.of(2, 0, 3, 0), Int32Array.of(2, 0, 3, 1)]);
  const none = symbolOrder(lines("a", "b"), {});
  assertEquals(none.read, {
    words: ["<unk>", "a", "b", "<start or end>"],
    rows: Int32Array.of(-1, 0, 1, -1),
  });
  assertEquals(none.predicted, { words: ["<unk>", "a", "b"], rows: Int32Array.of(-1, 0, 1) });
});
