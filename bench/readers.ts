/**
 * Times the data readers, from bytes to texts and labels, next to what the engine does in any case.
 *
 *   deno task bench:readers [FORMAT...] [--size 1MB]
 */
import { conllReader, conlluReader } from "#core/data/conll.ts";
import { tableReader } from "#core/data/csv.ts";
import { createDecoder } from "#core/data/decode.ts";
import { fastTextReader } from "#core/data/fasttext.ts";
import { jsonArrayReader } from "#core/data/json_array.ts";
import { jsonLinesReader } from "#core/data/json_lines.ts";
import type { Column, DataRecord, RecordReader } from "#core/data/records.ts";
import { splitSymbols } from "#core/text/symbols.ts";
import { tokenize } from "#core/text/tokenizer.ts";
import { pseudoFile } from "./pseudo_text.ts";
import { parseSize } from "./sizes.ts";

const COLUMNS: Column[] = [{ name: "text", role: "text" }, { name: "label", role: "label" }];
const PIECE = 2 ** 16; // bytes per chunk, as for a file
const TURNS = 20; // short ones, so that some are not disturbed

type Row = [text: string, label: string];

const tagged = ([text]: Row) => text.split(/\s+/).map((word) => [word, `T${word.length % 5}`]);
const table = (separator: string) => ({ separator, quotes: "double", header: true } as const);
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
const csvField = (field: string) => /[",\n]/.test(field) ? quoted(field) : field;
const json = ([text, label]: Row) => JSON.stringify({ text, label });
const u = (word: string, tag: string, i: number) =>
  [i + 1, word, word, tag, "_", "Number=Sing", 0, "root", "_", "_"].join("\t");

/** How each format writes a row, and its reader. */
const FORMATS: Record<string, {
  row(row: Row): string;
  open(): RecordReader;
  before?: string;
  between?: string;
  after?: string;
}> = {
  csv: {
    before: "text,label\n",
    row: (row) => row.map(csvField).join(","),
    open: () => tableReader(table(","), "f", COLUMNS),
  },
  "csv-quoted": {
    before: '"text","label"\n',
    row: (row) => row.map(quoted).join(","),
    open: () => tableReader(table(","), "f", COLUMNS),
  },
  tsv: {
    before: "text\tlabel\n",
    row: ([text, label]) => `${text.replace("\n", " ")}\t${label}`,
    open: () => tableReader(table("\t"), "f", COLUMNS),
  },
  jsonl: { row: json, open: () => jsonLinesReader("f", COLUMNS) },
  json: {
    before: "[",
    row: json,
    between: ",\n",
    after: "]",
    open: () => jsonArrayReader("f", COLUMNS),
  },
  conll: {
    row: (row) => tagged(row).map((each) => each.join(" ") + "\n").join(""),
    open: () => conllReader("f", COLUMNS),
  },
  conllu: {
    row: (row) => tagged(row).map(([word, tag], i) => u(word, tag, i) + "\n").join(""),
    open: () => conlluReader("f", COLUMNS),
  },
  fasttext: {
    row: ([text, label]) => `__label__${label} ${text.replace("\n", " ")}`,
    open: () => fastTextReader("f", COLUMNS),
  },
};

/** Returns rows of about this many bytes. */
function rowsOf(size: number): Row[] {
  const reader = tableReader(table(","), "f", COLUMNS), decoder = createDecoder("f");
  const rows: Row[] = [];
  const take = (records: DataRecord[]) => {
    for (const { get } of records) rows.push([get("text") as string, get("label") as string]);
  };
  for (const piece of pseudoFile("csv", size)) take(reader.push(decoder.push(piece)));
  take(reader.end());
  return rows;
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** Reads bytes as training does, up to the last label. */
function read(bytes: Uint8Array, reader: RecordReader): number {
  const decoder = createDecoder("f");
  let length = 0;
  const take = (records: DataRecord[]) => {
    for (const record of records) {
      length += (record.get("text") as string).length + (record.get("label") as string).length;
    }
  };
  for (const piece of piecesOf(bytes)) take(reader.push(decoder.push(piece)));
  take(reader.push(decoder.end()));
  take(reader.end());
  return length;
}

function decodeAlone(bytes: Uint8Array): number {
  const decoder = new TextDecoder();
  let length = 0;
  for (const piece of piecesOf(bytes)) length += decoder.decode(piece, { stream: true }).length;
  return length;
}

/** Decodes, splits at newlines and parses: the minimum work for JSON Lines. */
function parseAlone(bytes: Uint8Array): number {
  const decoder = new TextDecoder();
  let length = 0, rest = "";
  const take = (line: string) => {
    const text = line.replace(/^\[|[\],]$/g, "");
    if (text !== "") length += JSON.parse(text).text.length;
  };
  for (const piece of piecesOf(bytes)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
  }
  take(rest);
  return length;
}

/** Returns each function's minimum time in seconds: other programs can only add to it. */
function timed(works: (() => unknown)[]): number[] {
  const best = works.map(() => Infinity);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [i, work] of works.entries()) {
      const start = performance.now();
      work();
      best[i] = Math.min(best[i], (performance.now() - start) / 1000);
    }
  }
  return best;
}

const speed = (bytes: number, seconds: number) => `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;

const sizeAt = Deno.args.indexOf("--size");
const size = parseSize(sizeAt < 0 ? "1MB" : Deno.args[sizeAt + 1]);
const asked = Deno.args.filter((arg) => arg in FORMATS || arg === "words");
const rows = rowsOf(size);
console.log("format        reader     the engine alone");
for (const [name, format] of Object.entries(FORMATS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { before = "", between = "\n", after = "\n" } = format;
  const content = before + rows.map(format.row).join(between) + after;
  const bytes = new TextEncoder().encode(content);
  const isJson = name.startsWith("json");
  const alone = isJson ? parseAlone : decodeAlone;
  const [ours, theirs] = timed([() => read(bytes, format.open()), () => alone(bytes)]);
  const what = isJson ? "JSON.parse of each line" : "TextDecoder";
  console.log(
    `${name.padEnd(12)}  ${speed(bytes.length, ours).padEnd(9)}  ` +
      `${speed(bytes.length, theirs).padEnd(9)}  ${(ours / theirs).toFixed(1)} times ${what}`,
  );
}
if (asked.length === 0 || asked.includes("words")) {
  const texts = rows.slice(0, 10_000).map(([text]) => text);
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const sum = (count: (text: string) => number) => texts.reduce((sum, t) => sum + count(t), 0);
  const segmenterOf = (granularity: "word" | "grapheme") => {
    const segmenter = new Intl.Segmenter("en", { granularity });
    return (text: string) => Array.from(segmenter.segment(text)).length;
  };
  const words = segmenterOf("word"), graphemes = segmenterOf("grapheme");
  for (
    const [name, ours, theirs] of [
      ["tokenize", (text: string) => tokenize(text).length, words],
      ["graphemes", (text: string) => splitSymbols(text, "graphemes").length, graphemes],
    ] as const
  ) {
    const [mine, engine] = timed([() => sum(ours), () => sum(theirs)]);
    console.log(
      `${name.padEnd(12)}  ${speed(length, mine).padEnd(9)}  ${speed(length, engine).padEnd(9)}  ` +
        `${(mine / engine).toFixed(2)} times Intl.Segmenter`,
    );
  }
}
