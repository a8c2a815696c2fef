import {
  buildDataset,
  dataWarnings,
  type Example,
  repeatWarning,
  testWarnings,
  tokenize,
} from "@unroll/core";
import { assertEquals, assertStringIncludes } from "@std/assert";

/** Returns examples with these labels, and distinct texts. */
function labeled(labels: readonly string[]): Example[] {
  return labels.map((label, i) => ({ text: `this is text ${i}`, label }));
}

const kinds = (examples: readonly Example[], options = {}) =>
  dataWarnings(examples, options).map(({ kind }) => kind);

const repeat = (label: string, count: number): string[] => new Array(count).fill(label);

Deno.test("ordinary examples cause no warning, many or few", () => {
  assertEquals(dataWarnings(labeled([...repeat("spam", 30), ...repeat("ham", 70)])), []);
  assertEquals(dataWarnings(labeled(["up", "down"])), []);
  assertEquals(dataWarnings(labeled([..."12345".repeat(20)])), []);
  assertEquals(dataWarnings(labeled([...repeat("+", 9), ...repeat("-", 9)])), []);
  assertEquals(dataWarnings([]), []);
});

Deno.test("labels that differ in case, spaces or final punctuation are similar", () => {
  const [{ kind, message, count }] = dataWarnings(labeled(["good", "Good", "good", "bad"]));
  assertEquals([kind, count], ["similar-labels", 2]);
  assertEquals(message, 'labels that look alike: "good" (2), "Good" (1); use one spelling');
  assertEquals(kinds(labeled(["good", "good.", "bad"])), ["similar-labels"]);
  assertEquals(kinds(labeled(["not_good", "not good", "bad"])), ["similar-labels"]);
  assertEquals(kinds([{ text: "a b", label: "O o" }], { labels: "tags" }), ["similar-labels"]);
});

Deno.test("many different numbers are not classes", () => {
  const numbers = Array.from({ length: 60 }, (_, i) => (i / 4).toFixed(2));
  const [first] = dataWarnings(labeled([...numbers, ...numbers]));
  assertEquals([first.kind, first.count], ["numeric-labels", 60]);
  assertStringIncludes(first.message, "regression");
});

Deno.test("dates as labels cause a warning, with and without times", () => {
  for (const time of ["", " 10:15:00", "T10:15:00.000Z"]) {
    const examples = Array.from({ length: 90 }, (_, i) => ({
      text: `entry ${i}`,
      label: `2026-03-${String(i % 30 + 1).padStart(2, "0")}${time}`,
    }));
    const [first] = dataWarnings(examples);
    assertEquals([first.kind, first.count], ["date-labels", 30]);
  }
  const versions = Array.from({ length: 60 }, (_, i) => ({ text: `${i}`, label: `1.${i % 30}` }));
  assertEquals(dataWarnings(versions).map(({ kind }) => kind), ["numeric-labels"]);
});

Deno.test("several labels in one field are reported", () => {
  assertEquals(kinds(labeled(["a;b", "a", "b", "a|c"])), ["several-labels"]);
  assertEquals(kinds(labeled(["a;b", "c", "d"])), []); // a label that contains a separator
  assertEquals(kinds(labeled(["a,b", "a", "b, c"])), ["several-labels"]);
  assertEquals(kinds(labeled(["Salem, OR", "Bend, OR", "Reno"])), []);
  const [tags] = dataWarnings([{ text: "a b", label: "['O', 'B-PER']" }], { labels: "tags" });
  assertEquals(tags.kind, "several-labels");
  assertStringIncludes(tags.message, "parts of a list");
});

Deno.test("ids and texts as labels are reported", () => {
  const ids = Array.from({ length: 30 }, (_, i) => `id${i}`);
  assertEquals(kinds(labeled(ids)), ["unique-labels"]);
  const exchanged = labeled(ids).map(({ text }, i) => ({
    text: i % 2 ? "up" : "down",
    label: text,
  }));
  assertEquals(kinds(exchanged)[0], "exchanged-columns");
});

Deno.test("one label for nearly all examples is reported", () => {
  const [{ kind, message }] = dataWarnings(labeled([...repeat("ham", 95), ...repeat("spam", 5)]));
  assertEquals(kind, "one-label");
  assertStringIncludes(message, '95.0% of the examples have the label "ham"');
});

Deno.test("a repeated header, texts with two labels, and HTML are reported", () => {
  const rows = labeled(["up", "down"]);
  const header = { text: "Review", label: "stars", where: "a.csv:7" };
  const columns = { textColumn: "review", labelColumn: "stars" };
  const [first] = dataWarnings([...rows, header], columns);
  assertEquals(first.message, "the header is repeated among the rows, as at a.csv:7; remove it");

  const twice = [...rows, { text: " this  is text 0", label: "down" }];
  const [conflict] = dataWarnings(twice);
  assertEquals([conflict.kind, conflict.count], ["conflicting-labels", 1]);
  assertEquals(dataWarnings(twice, { labels: "none" }), []);

  const html = labeled(repeat("up", 50)).map((each, i) => i ? each : { ...each, text: "a<br />b" });
  assertEquals(kinds(html), ["html"]);
  assertEquals(kinds([...html, ...html.slice(1), ...html.slice(1)]), []); // below 1%
  assertEquals(kinds([{ text: "3 < 4 && 5 > 4", label: "up" }]), []);
  assertEquals(kinds([{ text: "fish &amp; chips", label: "up" }]), ["html"]);
});

Deno.test("line breaks and tabs escaped by a database are reported, but not paths", () => {
  const [{ kind, message, count }] = dataWarnings([
    { text: "so good.\\nSo cheap", label: "up" },
    { text: "see C:\\temp\\new and D:\\nine", label: "down" },
  ]);
  assertEquals([kind, count], ["escapes", 1]);
  assertStringIncludes(
    message,
    '1 of 2 texts contain escaped line breaks or tabs, such as "\\\\n"',
  );
  assertEquals(kinds([{ text: "\\nu + \\theta \\\\ \\tau", label: "up" }]), []);
});

Deno.test("test examples that are also in training, and unknown words, are counted", () => {
  const train = [{ text: "caf\u00e9 is good" }, { text: "bad" }];
  const known = new Set(train.flatMap(({ text }) => tokenize(text)));
  const warn = (test: Example[]) => testWarnings(train, test, tokenize, (word) => known.has(word));
  const [leak] = warn([{ text: "cafe\u0301 is  good " }, { text: "good is bad" }]);
  assertEquals([leak.kind, leak.count], ["test-in-training", 1]);
  assertEquals(warn([{ text: "BAD" }])[0].count, 1);
  const [unknown] = warn([{ text: "quite good" }]);
  assertEquals([unknown.kind, unknown.count], ["unknown-words", 1]);
  assertStringIncludes(
    unknown.message,
    '50.0% of the text is unknown to the model, such as "quite"',
  );
  assertEquals(warn([{ text: "is good is" }]), []);
  assertEquals(warn([]), []);
});

Deno.test("texts that differ only in case are equal, unless the model keeps case", () => {
  const cased = [{ text: "Polish it", label: "verb" }, { text: "polish  IT", label: "noun" }];
  const [conflict] = dataWarnings(cased);
  assertEquals(
    conflict.message,
    '1 text has more than one label, such as "polish IT": "verb" and "noun"; no model can get ' +
      "both right",
  );
  assertEquals(kinds(cased, { keepsCase: true }), []);
  assertEquals(kinds([...cased, { text: "Polish it", label: "noun" }], { keepsCase: true }), [
    "conflicting-labels",
  ]);
});

Deno.test("validation examples with texts of the training split are counted", () => {
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => ({ text: `So it IS ${from + i}`, label: "up" }));
  const train = numbered(0, 300), other = numbered(300, 500);
  const some = [...other, { text: "so it is  7" }, { text: "so it is 7" }, { text: "so it is 8" }];
  const [{ kind, message, count }] = [repeatWarning(train, some)!];
  assertEquals([kind, count], ["repeated-texts", 3]);
  assertStringIncludes(message, "3 of 203 validation examples have texts of the training split");
  assertEquals(repeatWarning(train, [...other, train[0]]), undefined); // below 1%
  assertEquals(repeatWarning(train, []), undefined);
  const reading = { task: "classification", tokenizer: tokenizerOf } as const;
  const builder = buildDataset(reading);
  for (const example of [...train, { text: "So! it is 7", label: "up" }]) builder.add(example);
  const all = builder.build();
  const part = (from: number, to: number) =>
    all.select(Uint32Array.from({ length: to - from }, (_, i) => from + i));
  assertEquals(repeatWarning(part(0, 300), part(300, 301))?.count, 1);
  assertEquals(repeatWarning(part(0, 200), part(200, 300)), undefined);
});

const tokenizerOf = { lowerCase: true, punctuation: "drop" } as const;

Deno.test("warnings take linear time on hostile texts", () => {
  const start = performance.now();
  for (const text of ["<br", "<br ", "&#1", "&", "a;", "o\u0301"]) {
    dataWarnings([{ text: text.repeat(100_000 / text.length), label: text.repeat(10_000) }]);
  }
  const milliseconds = performance.now() - start;
  assertEquals(milliseconds < 3000, true, `${milliseconds} ms`);
});
