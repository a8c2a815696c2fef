import { InputError, inspectData, parseExamples } from "@unroll/core";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";

Deno.test("inspectData() reads what parseExamples() reads", () => {
  const csv = 'text,label\n"Good, ""very"" good",up\r\n\nBad,down\n"two\nlines",up\n';
  const { examples, problems } = inspectData(csv, { name: "a.csv" });
  assertEquals(examples, parseExamples(csv, { name: "a.csv" }));
  assertEquals(problems, []);
});

Deno.test("inspectData() reports every invalid line, and continues after each", () => {
  const rows = [
    "text,label",
    "good,up",
    "one,two,three",
    '"never closed,up',
    "bad,down",
    '"closed" too early,up',
    "no label,",
    "fine,up",
  ];
  const { examples, problems } = inspectData(rows.join("\n"));
  assertEquals(examples.map(({ text, where }) => `${where} ${text}`), [
    "data:2 good",
    "data:5 bad",
    "data:8 fine",
  ]);
  assertEquals(problems.map(({ line }) => line), [3, 4, 6, 7]);
  assertMatch(problems[1].problem, /is probably never closed/);
  assertMatch(problems[2].problem, /after a closing quote/);
  const { problems: [open] } = inspectData('text,label\n"never closed,up\nbad,down\n');
  const problem = "the quote opened here is never closed; close it, or read quotes as text " +
    "(--quotes none)";
  assertEquals(open, { line: 2, problem });
});

Deno.test("inspectData() reports invalid lines of JSON Lines", () => {
  const lines = ['{"text":"a b","label":1}', "[]", '{"text":"c"}', '{"text":null,"label":"x"}'];
  const { format, columns, examples, problems } = inspectData(lines.join("\n"));
  assertEquals([format, columns], ["jsonl", ["text", "label"]]);
  assertEquals(examples.map(({ label }) => label), ["1"]);
  assertEquals(problems.map(({ line }) => line), [2, 3, 4]);
});

Deno.test("inspectData() detects the format and the columns, or uses given ones", () => {
  const tsv = "id\tstars\treview\n1\tgood\tWorks well, and looks good\n2\tbad\tBroke at once\n" +
    "3\tgood\tAll fine\n";
  const guess = inspectData(tsv);
  assertEquals([guess.format, guess.textColumn, guess.labelColumn], ["tsv", "review", "stars"]);
  const given = inspectData(tsv, { textColumn: "stars", labelColumn: "id" });
  assertEquals(given.examples[0], { text: "good", label: "1", where: "data:2" });
});

Deno.test("inspectData() refuses files without the needed columns", () => {
  assertThrows(() => inspectData(" \n"), InputError, "no content");
  const semicolons = () => inspectData("a;b\nc;d\n", { separator: "," });
  assertThrows(semicolons, InputError, "looks like a semicolon");
  assertThrows(() => inspectData("a,a\nc,d\n"), InputError, 'no column "text"');
});

Deno.test("inspectData() chooses among thousands of columns, or keys, of one long record", () => {
  const names = Array.from({ length: 4000 }, (_, i) => `c${i}`);
  const rows = ["up", "down", "up"].map((label, row) =>
    names.map((_, i) => i === 3999 ? `The text ${row}, long` : i === 2000 ? label : `${row}`)
  );
  const chosen = (content: string) => {
    const { textColumn, labelColumn, columns } = inspectData(content);
    return [textColumn, labelColumn, columns.length];
  };
  assertEquals(chosen([names.join("\t"), ...rows.map((row) => row.join("\t"))].join("\n")), [
    "c3999",
    "c2000",
    4000,
  ]);
  const objects = rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])));
  assertEquals(chosen(objects.map((each) => JSON.stringify(each)).join("\n")), [
    "c3999",
    "c2000",
    4000,
  ]);
});

Deno.test("inspectData() does not read arrays and objects as texts or labels", () => {
  const lines = [1, 2, 3].map((i) =>
    JSON.stringify({
      tags: ["a", "very long", "list of words"],
      review: `Good ${i}`,
      meta: {},
      s: i,
    })
  );
  const { textColumn, labelColumn } = inspectData(lines.join("\n"));
  assertEquals([textColumn, labelColumn], ["review", "s"]);
});

Deno.test("inspectData() takes linear time on a row with many lines", () => {
  // From each line, the row continues to the end of the file, where a quote is never closed.
  const { examples, problems } = inspectData(`text,label\nfine,up\n${'x","\n'.repeat(10_000)}`);
  assertEquals(examples.length, 1);
  assertEquals(problems.map(({ line }) => line), [10_002, 10_002, 10_002]);
  assertMatch(problems[0].problem, /never closed/);
});

Deno.test("inspectData() refuses a file with too many invalid lines, and reports the first", () => {
  const bad = {
    csv: `text,label\na,b\n${"one\n".repeat(20_001)}`,
    tsv: `text\tlabel\n\na\t\n${"one\t\n".repeat(20_000)}`,
    jsonl: `{"text":"a","label":1}\n\n${"{}\n".repeat(20_001)}`,
  };
  for (const content of Object.values(bad)) {
    const expected = "data:3: more than 20000 lines cannot be read; the first: ";
    assertThrows(() => inspectData(content), InputError, expected);
  }
});
