import {
  DATA_FORMATS,
  type DataFormat,
  detectFormat,
  formatByName,
  guessFormat,
} from "@unroll/core";
import { assertEquals } from "@std/assert";

const GUESSES: [what: string, content: string, format: DataFormat][] = [
  ["an empty file", "", "csv"],
  ["a comma-separated table", "text,label\nso good,up\n\nbad,down\n", "csv"],
  ["a comma-separated table with spaces in its header", "my text,a label\nso good,up\n", "csv"],
  ["a tab-separated table", "text\tlabel\ngood\tup\nbad\tdown\n", "tsv"],
  [
    "a tab-separated table with blank rows",
    "text\tlabel\ngood\tup\n\nbad\tdown\n\nfine\tup\n",
    "tsv",
  ],
  ["lines of JSON", '\ufeff\n{"text":"a"}\n', "jsonl"],
  ["an array of objects", '\n[\n  {"text":"a"}]', "json"],
  ["an empty array", "[]", "json"],
  ["a row that begins with a bracket", "[text],label\na,b\n", "csv"],
  ["fastText", "__label__a b c\n", "fasttext"],
  ["CoNLL 2003", "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\n", "conll"],
  ["one sentence with tags", "EU B-ORG\nrejects O\n", "conll"],
  ["part-of-speech tags after spaces", "# id\na DT\ndog NN\n\nthe DT\ncat NN\n", "conll"],
  [
    "part-of-speech tags after tabs, with CRLF",
    "a\tDT\r\ndog\tNN\r\n\r\nthe\tDT\r\ncat\tNN\r\n",
    "conll",
  ],
  ["CoNLL-U", "# text = a\n\n1\ta\ta\tDET\tDT\t_\t0\troot\t_\t_\n", "conllu"],
  ["a table of ten columns", `n\t${"a\t".repeat(8)}z\n1\t${"2\t".repeat(8)}3\n`, "tsv"],
  ["rows of ten columns without a header", `1\t${"2\t".repeat(8)}3\n`, "tsv"],
  ["rows with as many spaces as commas", "a text,O\nso good,O\n\ntoo bad,O\n", "csv"],
  ["prose", "It was late.\nNobody came.\n\nThe end was near.\n", "csv"],
  [
    "a book's lines of two words",
    "Good morning.\nHello there.\n\nGood morning.\nBye now.\n",
    "csv",
  ],
];
for (const [what, content, format] of GUESSES) {
  Deno.test(`guessFormat() finds ${format} in ${what}`, () => {
    assertEquals(guessFormat(content), format);
  });
}

Deno.test("guessFormat() reads only the beginning", () => {
  const sentence = "Anna B-PER\nsleeps O\n\n";
  assertEquals(guessFormat(sentence.repeat(10_000) + "and then a line of prose"), "conll");
  assertEquals(guessFormat("x".repeat(50_000_000)), "csv");
});

Deno.test("a file's name determines its format, unless the content contradicts it", () => {
  for (const [format, { extensions }] of Object.entries(DATA_FORMATS)) {
    for (const extension of extensions) {
      assertEquals(formatByName(`a.b/c.${extension.toUpperCase()}`), format as DataFormat);
    }
  }
  const detected = (name: string, content: string) => {
    const { format, isGuess } = detectFormat(name, content);
    return `${format}${isGuess ? ", guessed" : ""}`;
  };
  assertEquals(detected("a.tsv", "text\tlabel\ngood\tO\n\nbad\tO\n"), "tsv");
  assertEquals(detected("a.csv", '[{"text":"a"}]'), "json, guessed");
  assertEquals(detected("a.tsv", "-DOCSTART- O\n\na O\n"), "conll, guessed");
  assertEquals(detected("a.json", '{"text":"a"}\n{"text":"b"}'), "jsonl, guessed");
  assertEquals(detected("a.conll", "text,label\n"), "conll");
  assertEquals(detected("a.txt", "text,label\n"), "csv, guessed");
  assertEquals(detected("csv", "a O\nb O\n"), "conll, guessed");
});
