/**
 * Written tables can be read back.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import {
  type DataFormat,
  InputError,
  parseExamples,
  Random,
  readRows,
  writeHeader,
  writeRow,
} from "@unroll/core";

const TEXTS = [
  "plain",
  "a, b; c",
  "tab\there",
  'she said "no"',
  '"',
  "two\nlines",
  "two\r\nlines",
  "an old\rline",
  " blank edges ",
  "\ufeffmark",
  "né 日本 🎉",
  "=1+1",
  "a\\b",
];

function written(texts: readonly string[], format: DataFormat, newline?: "\n" | "\r\n"): string {
  const options = { format, newline };
  const rows = texts.map((text) => writeRow([["text", text], ["label", "up"]], options));
  return writeHeader(["text", "label"], options) + rows.join("");
}

Deno.test("tables of each format are written and read back", () => {
  for (const format of ["csv", "tsv", "jsonl"] as const) {
    for (const newline of ["\n", "\r\n"] as const) {
      const examples = parseExamples(written(TEXTS, format, newline), { format });
      assertEquals(examples.map(({ text }) => text), TEXTS);
    }
  }
});

Deno.test("random texts of awkward characters are read back", () => {
  const random = new Random(1, 0);
  const signs = [..."ab,;\t\"'\r\n \\{}\ufeff\u2028é"];
  const draw = () =>
    Array.from(
      { length: Math.floor(random.uniform() * 8) },
      () => signs[Math.floor(random.uniform() * signs.length)],
    ).join("");
  const texts = Array.from({ length: 500 }, draw);
  for (const format of ["csv", "tsv", "jsonl"] as const) {
    const examples = parseExamples(written(texts, format), { format, quotes: "double" });
    assertEquals(examples.map(({ text }) => text), texts);
  }
});

Deno.test("a table with one column keeps its blank rows", () => {
  const texts = ["", " ", "a"];
  const content = writeHeader(["text"]) + texts.map((text) => writeRow([["text", text]])).join("");
  assertEquals(content, 'text\n""\n" "\na\n');
  assertEquals(parseExamples(content, { kind: "texts" }).map(({ text }) => text), texts);
});

Deno.test("cells are quoted if necessary, and JSON values are written as JSON", () => {
  const fields = [["a", null], ["b", [1, "x"]], ["c", true], ["d", undefined], ["e", 0.5]] as const;
  assertEquals(writeRow(fields), ',"[1,""x""]",true,,0.5\n');
  assertEquals(writeRow(fields, { format: "tsv" }), '\t"[1,""x""]"\ttrue\t\t0.5\n');
  assertEquals(
    writeRow(fields, { format: "jsonl" }),
    '{"a":null,"b":[1,"x"],"c":true,"e":0.5}\n',
  );
});

Deno.test("rows keep all their fields, keys and numbers", () => {
  const line = '{"id":1234567890123456789,"text":"good","x":{"y":1.0,"z":[]},"n":null}';
  const rows = readRows(`${line}\n`, { format: "jsonl" });
  const [{ fields, text }] = rows;
  assertEquals([text, writeRow(fields, { format: "jsonl" })], ["good", `${line}\n`]);
  assertEquals(writeRow(fields), '1234567890123456789,good,"{""y"":1.0,""z"":[]}",\n');
  const [row] = readRows(",text,,\n0,good,a,b\n");
  assertEquals(row.fields, [["", "0"], ["text", "good"], ["", "a"], ["", "b"]]);
});

Deno.test("the text column is the default one, or the one with the longest texts", () => {
  const column = (content: string, usualColumn?: string) =>
    readRows(content, { usualColumn }).textColumn;
  assertEquals(column("id,text,comment\n1,a,a long comment\n"), "text");
  assertEquals(column("id,review,stars\n1,not bad at all,5\n"), "review");
  assertEquals(column("target,source,text\na,b,c\n", "source"), "source");
  assertEquals(column('{"n":1,"body":"not bad"}\n'), "body");
});

Deno.test("a row without a usable text has a problem, and an unreadable row is reported", () => {
  const reported: [string, number][] = [];
  const rows = readRows('{"text":"a"}\n{"text":null}\n{"n":1}\nno\n', {
    name: "a.jsonl",
    report: ({ message }, line) => reported.push([message.slice(0, 20), line]),
  });
  assertEquals(Array.from(rows, ({ line, text, problem }) => [line, text, problem]), [
    [1, "a", undefined],
    [2, undefined, 'a.jsonl:2: "text" should be a string, got null'],
    [3, undefined, 'a.jsonl:3: no key "text"'],
  ]);
  assertEquals(reported, [["a.jsonl:4: expected ", 4]]);
  assertEquals(rows.columns(), ["text", "n"]);
});

Deno.test("a missing column is an error that lists the existing ones", () => {
  const options = { name: "a", textColumn: "tex" };
  assertThrows(() => readRows("text,n\na,1\n", options), InputError, 'a:1: no column "tex"');
  const objects = '\n{"text":"a"}\n{"text":"b","n":1}\n';
  const message = 'a:2: no key "tex": the objects have "text", "n"; name yours';
  assertThrows(() => readRows(objects, options), InputError, message);
  assertThrows(() => readRows(" \n"), InputError, "data:1: no content; expected a header");
});

Deno.test("a table with one word per row has no texts, unless the column is given", () => {
  const content = "Sentence #,Word,Tag\n1,Anna,B-per\n1,sleeps,O\n";
  assertThrows(
    () => readRows(content, { name: "ner.csv" }),
    InputError,
    'ner.csv:1: the columns "Sentence #", "Word" suggest one word per row; give one text per row',
  );
  const rows = [...readRows(content, { textColumn: "Word" })];
  assertEquals(rows.map(({ text }) => text), ["Anna", "sleeps"]);
});
