import { assertEquals } from "@std/assert";
import { countWords, encode, indexWords, UNKNOWN, vocabularyOf } from "#core/text/vocabulary.ts";

const wordsOf = (sentences: Iterable<string[]>) => vocabularyOf(countWords(sentences));

Deno.test("vocabularyOf() returns each word once, after the unknown word", () => {
  assertEquals(UNKNOWN, "<unk>");
  assertEquals(wordsOf([["so", "good"], [], ["good", "so", "bad"]]), [
    "<unk>",
    "bad",
    "good",
    "so",
  ]);
  assertEquals(wordsOf([]), ["<unk>"]);
});

Deno.test("vocabularyOf() sorts by code units, whatever the order of the data", () => {
  const sentences = [["é", "z", "10"], ["Z", "9", "\u{1f600}", "\uff01"], ["ä", "a"]];
  const expected = ["<unk>", "10", "9", "Z", "a", "z", "ä", "é", "\u{1f600}", "\uff01"];
  assertEquals(wordsOf(sentences), expected);
  assertEquals(wordsOf(sentences.toReversed().map((s) => s.toReversed())), expected);
});

Deno.test("countWords() accepts any iterable", () => {
  function* sentences() {
    yield ["good"];
    yield ["bad"];
  }
  assertEquals(wordsOf(sentences()), ["<unk>", "bad", "good"]);
});

Deno.test("vocabularyOf() reads <unk> in the data as the unknown word", () => {
  const vocabulary = wordsOf([["<unk>", "!", "good"]]);
  assertEquals(vocabulary, ["<unk>", "!", "good"]);
  assertEquals(encode(["<unk>", "!", "good"], indexWords(vocabulary)), Int32Array.of(0, 1, 2));
});

Deno.test("indexWords() returns the index of each word", () => {
  assertEquals([...indexWords(["<unk>", "b", "a"])], [["<unk>", 0], ["b", 1], ["a", 2]]);
});

Deno.test("encode() returns the ids in the words' order, and 0 for unknown words", () => {
  const index = indexWords(["<unk>", "bad", "good"]);
  assertEquals(encode(["good", "ugly", "bad", "good"], index), Int32Array.of(2, 0, 1, 2));
  assertEquals(encode([], index), new Int32Array());
});

Deno.test("a vocabulary treats JavaScript's built-in names like any other words", () => {
  const names = ["__proto__", "constructor", "toString"];
  assertEquals(encode(names, indexWords(wordsOf([["good"]]))), Int32Array.of(0, 0, 0));
  const vocabulary = wordsOf([names]);
  assertEquals(vocabulary, ["<unk>", ...names]);
  assertEquals(encode(names, indexWords(vocabulary)), Int32Array.of(1, 2, 3));
});
