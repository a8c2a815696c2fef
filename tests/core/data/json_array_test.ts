import { InputError, inspectData, parseExamples } from "@unroll/core";
import { assertEquals, assertThrows } from "@std/assert";
import { jsonArrayReader } from "../../../packages/core/data/json_array.ts";
import { jsonLinesReader } from "../../../packages/core/data/json_lines.ts";
import { reported, valuesOf } from "./chunks.ts";

const LABELS = [{ name: "text", role: "text" }, { name: "label", role: "label" }];
const KEYS = ["text", "label"];

Deno.test("an array of objects is read, at any chunk boundary", () => {
  const content =
    ' [\r\n {"text": "a \\"}],\\\\", "label": 1},{"label":true,\n"text":[["x"],{}].k}\n' +
    ',{"text": 2.5, "label": "up", "more": [{"a": "]"}]}\r\n]\n';
  const good = content.replace('[["x"],{}].k', '"\\u00e9\\n"');
  assertEquals(valuesOf(() => jsonArrayReader("f", LABELS), good, KEYS), [
    ['a "}],\\', "1", 2],
    ["é\n", "true", 2],
    ["2.5", "up", 4],
  ]);
  const { texts, errors } = reported((report) => jsonArrayReader("f", LABELS, report), content);
  assertEquals([texts.length, errors.length], [2, 1]);
});

Deno.test("a value that is not an object is reported, and the rest of the array is read", () => {
  const content =
    '[{"text":"a","label":0},\n7, "x",null,[1],\n{"text":"b"},{"text":"c","label":"",}' +
    ',\n{"text":"d","label":"up"}]';
  const { texts, errors } = reported((report) => jsonArrayReader("f", LABELS, report), content);
  assertEquals(texts, ["a", "d"]);
  const expected = 'expected an array of objects, such as [{"text": "good", "label": "up"}], got';
  assertEquals(errors, [
    `f:2: ${expected} "7"`,
    `f:2: ${expected} "\\"x\\""`,
    `f:2: ${expected} "null"`,
    `f:2: ${expected} "[1]"`,
    'f:3: no key "label": the object has "text"; name yours with the label column option',
    `f:3: ${expected} ${JSON.stringify('{"text":"c","label":"",}')}`,
  ]);
});

const REFUSED: [what: string, content: string, says: string][] = [
  ["an object", '\n{"data":[]}', "data:2: expected an array of objects"],
  ["text after the array", '[{"text":"a","label":"b"}]\nmore', 'data:2: "more" after the end'],
  ["two arrays", '[{"text":"a","label":"b"}][]', 'data:1: "[]" after the end'],
  ["an unclosed array", '\n[{"text":"a","label":"b"},\n', "data:2: the array opened here is never"],
  ["an unclosed object", '[\n{"text":"a","label":"b"', "data:2: the value opened here is never"],
  ["an unclosed string", '[\n{"text":"a,"label":"b"}]', "data:2: "],
];
for (const [what, content, says] of REFUSED) {
  Deno.test(`a JSON array is refused for ${what}`, () => {
    assertThrows(() => parseExamples(content, { format: "json" }), InputError, says);
  });
}

Deno.test("JSON Lines and arrays can have nested keys, keys with a dot, numbers and booleans", () => {
  const objects = [
    { data: { text: "a long text", stars: 5 } },
    { "data.text": "b", data: { stars: false, text: "c" } },
    { data: { text: 7, stars: -1.5 } },
  ];
  const columns = { textColumn: "data.text", labelColumn: "data.stars" };
  const rows = [["a long text", "5"], ["b", "false"], ["7", "-1.5"]];
  const forms = {
    json: JSON.stringify(objects),
    jsonl: objects.map((object) => JSON.stringify(object)).join("\n"),
  };
  for (const [format, content] of Object.entries(forms) as ["json" | "jsonl", string][]) {
    const found = parseExamples(content, { format, ...columns });
    assertEquals(found.map(({ text, label }) => [text, label]), rows);
    const report = inspectData(content);
    assertEquals([report.format, report.problems], [format, []]);
    assertEquals(report.columns, ["data", "data.text", "data.stars"]);
    assertEquals([report.textColumn, report.labelColumn], ["data.text", "data.stars"]);
  }
  assertThrows(
    () => parseExamples('{"a":{}}', { format: "jsonl", textColumn: "a.toString" }),
    InputError,
    'no key "a.toString"',
  );
});

Deno.test("lists of tokens and tags become texts and labels, at any chunk boundary", () => {
  const content = '{"id":1,"tokens":["New York","is","big"],"tags":["B","O","O"]}\n' +
    '{"words":["a","b"],"ner_tags":[0,3]}\n';
  const rows = [["New_York is big", "B O O", 1], ["a b", "0 3", 2]];
  assertEquals(valuesOf(() => jsonLinesReader("f", LABELS), content, KEYS), rows);
  const { examples, textColumn, labelColumn } = inspectData(content);
  assertEquals(
    examples.map(({ text, label }) => [text, label]),
    rows.map(([text, label]) => [text, label] as string[]),
  );
  assertEquals([textColumn, labelColumn], ["text", "label"]);
  const named = parseExamples('{"w":["a"],"pos":["X"],"tokens":["no"]}', {
    format: "jsonl",
    textColumn: "w",
    labelColumn: "pos",
  });
  assertEquals([named[0].text, named[0].label], ["a", "X"]);
});

Deno.test("lists of different lengths, and a list of labels for a single string, are refused", () => {
  const refusal = (line: string) =>
    assertThrows(() => parseExamples(line, { format: "jsonl" }), InputError).message;
  assertEquals(
    refusal('{"tokens":["a","b"],"tags":["X"]}'),
    "data:1: 2 words and 1 labels; give one label for each word",
  );
  assertEquals(
    refusal('{"text":"a b","label":["X","Y"]}'),
    'data:1: "label" should be a string, a number or a boolean, got the array "[\\"X\\",\\"Y\\"]"',
  );
  const pairs = parseExamples('{"source":["a","b"],"target":["c"]}', {
    format: "jsonl",
    kind: "pairs",
  });
  assertEquals([pairs[0].text, pairs[0].label], ["a b", "c"]);
});
