import { assertEquals } from "@std/assert";
import { createTagger } from "#core/tagging/model.ts";
import { taskOf } from "#core/tasks.ts";
import { documents, shardsOf, spellingsIn, wordsAndLabels } from "#core/export/pytorch/shards.ts";

const EXAMPLES = [
  { read: Int32Array.of(1, 2, 3), learned: Int32Array.of(7) },
  { read: Int32Array.of(4), learned: Int32Array.of() },
  { read: Int32Array.of(5, 6), learned: Int32Array.of(8, 9) },
];

const numbersOf = (content: string | Uint8Array<ArrayBuffer>) =>
  typeof content === "string" ? JSON.parse(content) : [...new Int32Array(content.buffer)];

Deno.test("shards contain the lengths of their examples, then their values; a list has their names", () => {
  const files = Array.from(shardsOf("train", EXAMPLES), ({ suffix, content }) => [
    suffix,
    numbersOf(content),
  ]);
  assertEquals(files, [
    ["/data/train-00000.bin", [3, 1, 1, 0, 2, 2, 1, 2, 3, 7, 4, 5, 6, 8, 9]],
    ["/data/train.json", [["train-00000.bin", 3, 15]]],
  ]);
});

Deno.test("a shard ends after the example that fills it", () => {
  const files = Array.from(shardsOf("train", EXAMPLES, 7), ({ content }) => numbersOf(content));
  assertEquals(files, [
    [3, 1, 1, 0, 1, 2, 3, 7, 4],
    [2, 2, 5, 6, 8, 9],
    [["train-00000.bin", 2, 9], ["train-00001.bin", 1, 6]],
  ]);
  assertEquals(Array.from(shardsOf("validation", []), ({ content }) => content), ["[]\n"]);
});

Deno.test("only the start of a document is an input, as the rest follows from the targets", () => {
  const words = Int32Array.of(9, 1, 2), labels = Int32Array.of(1, 2, 3);
  assertEquals([...documents([{ words, labels }])], [{ read: words.slice(0, 1), learned: labels }]);
  assertEquals([...wordsAndLabels([{ words, labels }])], [{ read: words, learned: labels }]);
});

Deno.test("spellings contain their word, its count and their letters", () => {
  const examples = [{ text: "Go go on", label: "a b a" }, { text: "on go", label: "a b" }];
  const model = createTagger(examples, { embedding: 2, letters: 2, hidden: 2, head: "token" });
  const encoded = taskOf(model).encode(model, examples);
  const { vocabulary, alphabet = [] } = model;
  const found = Array.from(spellingsIn(encoded), ({ read: [word, count], learned }) => [
    vocabulary[word],
    count,
    Array.from(learned, (id) => alphabet[id]).join(""),
  ]);
  assertEquals(found, [["go", 3, "<unk>o"], ["go", 3, "go"], ["on", 2, "on"]]);
});
