/** Hints for files that cannot be read. */
import { createDecoder, decodeText, detectFormat, inspectData, parseExamples } from "@unroll/core";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";

const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const BINARY: [begin: string, says: string][] = [
  ["\x1f\x8b\x08\0\0", "is compressed by gzip; decompress it"],
  [
    "PK\x03\x04\x14\0",
    "is a ZIP archive, as .zip and .xlsx files are; unpack it, or save it as CSV",
  ],
  ["%PDF-1.4\n", "is a PDF file; save its text as a .txt file"],
  ["PAR1\x15\0", "is a Parquet file; save it as CSV or JSON Lines"],
  ["\xff\xfe\0\0a\0\0\0", "is UTF-32; save the file as UTF-8"],
];
for (const [begin, says] of BINARY) {
  Deno.test(`a file that ${says.split(";")[0]} is reported as such`, () => {
    assertThrows(() => decodeText(bytesOf(begin), "a.csv"), Error, `a.csv: ${says}`);
  });
}

Deno.test("a text may start with the letters of an archive's signature", () => {
  assertEquals(decodeText(bytesOf("PAR1 is a word\n")), "PAR1 is a word\n");
  assertEquals(decodeText(bytesOf("BZh")), "BZh");
});

Deno.test("UTF-16 without a byte order mark is refused with a hint, and read with --encoding", () => {
  const little = bytesOf("t\0e\0x\0t\0"), big = bytesOf("\0t\0e\0x\0t");
  assertThrows(() => decodeText(little), Error, "(--encoding utf-16le)");
  assertThrows(() => decodeText(big), Error, "(--encoding utf-16be)");
  assertEquals([decodeText(little, "", "utf-16le"), decodeText(big, "", "utf-16be")], [
    "text",
    "text",
  ]);
  assertThrows(() => decodeText(bytesOf("\xff\xfea\0\n\0\0\0")), Error, "data:2: a zero char");
});

Deno.test("a decoder reports the encoding that it detected", () => {
  const found = (begin: string, encoding?: string) => {
    const decoder = createDecoder("a", encoding);
    decoder.push(bytesOf(begin));
    return decoder.encoding;
  };
  assertEquals(found("text"), "utf-8");
  assertEquals([found("\xff\xfea\0"), found("\xfe\xff\0a")], ["utf-16le", "utf-16be"]);
  assertEquals(found("text", "latin1"), "latin1");
});

const headerOf = (content: string, kind: "labels" | "pairs" = "labels") => {
  let header: boolean | undefined;
  const onRead = ({ dialect }: { dialect?: { header: boolean } }) => header = dialect?.header;
  inspectData(content, { kind, onRead });
  return header;
};

Deno.test("a first row of numbers above numbers, or like the rows below, is not a header", () => {
  const rows = ["very good", "so bad", "not bad", "so good"];
  const licensed = (text: string, i: number) => `${text}\tgut ${i}\tCC-BY 2.0 (France) #${i}\n`;
  assertEquals(headerOf(rows.map(licensed).join(""), "pairs"), false);
  assertEquals(headerOf(`a\tb\tc\n${rows.map(licensed).join("")}`, "pairs"), true);
  const numbered = rows.map((text, i) => `${i},${text},l${i}\n`).join("");
  assertEquals([headerOf(numbered), headerOf(`id,a text,class\n${numbered}`)], [false, true]);
  assertEquals(headerOf(`review,2019\n${rows.map((text) => `${text},2020\n`).join("")}`), true);
});

const REFUSED: [what: string, content: string, says: string][] = [
  [
    "an odd separator",
    "text~label\nso, so good~up\nbad~down\n",
    'looks like "~", so give that one',
  ],
  [
    "a title that is narrower than the table",
    "Report 2026\n\ntext,label\ngood,up\nbad,down\n",
    "line 3 looks like the header, so remove the lines above it",
  ],
  [
    "a first row of texts",
    "what a very good film,nobody at all liked it\nfine,bad\n",
    "or read the first row as data (--no-header)",
  ],
  [
    "several columns of texts without a header",
    "up,one two,so good\ndown,three four,so bad\nup,five six,not bad\n",
    "in a file without a header; its columns are 1 to 3, give the number of the text column",
  ],
];
for (const [what, content, says] of REFUSED) {
  Deno.test(`${what} is reported with a fix`, () => {
    const error = assertThrows(
      () => inspectData(content, { isCautious: true, format: "csv" }),
      Error,
    );
    assertStringIncludes(error.message, says);
  });
}

Deno.test("a table whose rows are all invalid reports the rows, not that it is empty", () => {
  const rows = 'text,label\n"a "b" c",up\n"d "e" f",down\n';
  const { examples, problems } = inspectData(rows, { isCautious: true });
  assertEquals([examples.length, problems.length], [0, 2]);
  assertStringIncludes(problems[0].problem, "double each quote inside a quoted text");
});

Deno.test("JSON without the expected keys is refused, and nested keys or lists are suggested", () => {
  const nested = '[{"data": {"review": "good"}, "meta": {"y": "up"}}]';
  const json = { format: "json" } as const;
  assertThrows(() => parseExamples(nested, json), Error, '"data.review", "meta", "meta.y"');
  const inner = '{"data": [{"text": "good", "label": "up"}]}';
  const says = 'the examples seem to be in "data": save only that list';
  assertThrows(() => parseExamples(inner, { format: "jsonl" }), Error, says);
  const columns = '{"text": {"0": "good", "1": "bad"}, "label": {"0": "up", "1": "down"}}';
  const split = '{"columns": ["text"], "index": [0], "data": [["good"]]}';
  for (const content of [columns, split]) {
    assertThrows(() => parseExamples(content, { format: "jsonl" }), Error, 'orient="records"');
  }
  assertThrows(() => parseExamples("[]", json), Error, "data:1: the array is empty; expected");
});

Deno.test("the content decides between similar formats, and if the name gives none", () => {
  const words = "1\tso\tso\tADV\tRB\t_\t2\tdet\t_\t_\n";
  assertEquals(detectFormat("a.conll", words), { format: "conllu", isGuess: true });
  assertEquals(detectFormat("a.conll", "so RB\n"), { format: "conll", isGuess: false });
  const sentences = "Anna\tB-PER\nsleeps\tO\n\nBerlin\tB-LOC\nwakes\tO\n";
  assertEquals(detectFormat("a.tsv", sentences), { format: "conll", isGuess: true });
  assertEquals(detectFormat("a.tsv", sentences.replace("\n\n", "\n")).format, "tsv");
  const odd = `${sentences.replaceAll("\t", " ")}\n`.repeat(6);
  assertEquals(detectFormat("a.txt", `${odd}an odd line here\n`).format, "conll");
  assertEquals(detectFormat("a.txt", `${odd}${"an odd line here\n".repeat(9)}`).format, "csv");
  const labeled = "so good __label__up\nbad __label__down\n";
  assertEquals(detectFormat("a.txt", labeled), { format: "fasttext", isGuess: true });
  assertEquals(detectFormat("a.csv", `text,label\n${labeled}`).format, "csv");
});
