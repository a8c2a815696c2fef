import { parseExamples } from "@unroll/core";
import { assertEquals } from "@std/assert";
import { toCsv } from "#web/worker/csv.ts";

Deno.test("toCsv() writes an apostrophe before whatever a spreadsheet would run", () => {
  const texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.b/","c")'];
  const csv = toCsv(texts.map((text) => ({ text, label: text })), ["=a", "label"]);
  const read = parseExamples(csv, { textColumn: "'=a" });
  assertEquals(read.map(({ text }) => text), texts.map((text) => `'${text}`));
  assertEquals(read.map(({ label }) => label), texts.map((text) => `'${text}`));
  assertEquals(csv.split("\n").slice(0, 3), [`"'=a",label`, `"'=1+1","'=1+1"`, `"'+1","'+1"`]);
});

Deno.test("toCsv() writes what parseExamples() reads, in columns of any names", () => {
  const examples = ["good", 'a "b", c', "two\nlines\r\n", "", " ", "a=b", "1-2", "it's"]
    .map((text) => ({ text, label: "up, or down" }));
  const columns = ['review, "short"', "star"] as const;
  const csv = toCsv(examples, columns);
  const read = parseExamples(csv, { textColumn: columns[0], labelColumn: columns[1] });
  assertEquals(read.map(({ text, label }) => ({ text, label })), examples);
});
