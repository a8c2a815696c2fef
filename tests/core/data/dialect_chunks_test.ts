import { assertEquals } from "@std/assert";
import { tableReader } from "#core/data/csv.ts";
import { createDecoder, decodeText } from "#core/data/decode.ts";
import { parseExamples } from "#core/data/examples.ts";
import type { DataRecord } from "#core/data/records.ts";
import { Dice } from "../../fuzz/dice.ts";
import {
  encode,
  type LabeledRow,
  namedEncoding,
  writable,
  write,
  type Writer,
  WRITERS,
} from "./dialects.ts";

const NEWLINES = ["\n", "\r\n", "\r"];
const COLUMNS = [{ name: "text", role: "text" }, { name: "label", role: "label" }];

/** Parts that are awkward for some writer; Western code pages have all of their characters. */
const PIECES = [
  ...["really", "love", "the", "color", "für", "Müller’s", "Straße", "5 €", "naïve", "42", "3,5"],
  ...[",", ";", "\t", "|", '"', '""', '"great"', '6"', "\n", "\n\n", " ", "  ", "'", "\\", "=1+1"],
];
const LABELS = ["good", "bad", "so, so", "so; so", "1", 'the "other"'];

function rowsOf(count: number): LabeledRow[] {
  const dice = new Dice(3, 1);
  return Array.from({ length: count }, () => {
    const pieces = Array.from({ length: dice.below(12) }, () => dice.pick(PIECES));
    return [pieces.join(dice.pick([" ", ""])), dice.pick(LABELS)];
  });
}

/** All difficulties in few bytes. */
const FEW: LabeledRow[] = [
  ["für 5 €", "good"],
  ['a "b", c;\td|\n\n"', "bad"],
  ["", "so, so"],
  ['"', "1"],
  [" x ", "good"],
  ['\\"\\', "good"],
  ["\\n\\\\\r\n", "bad"],
];

/** Returns the rows read from bytes in chunks, with one buffer for all chunks. */
function read(bytes: Uint8Array, cuts: readonly number[], writer: Writer, hasMark: boolean) {
  const { separator, quotes = "double", index } = writer;
  const areRowsNamed = index !== undefined && index(0) === undefined;
  const dialect = { separator, quotes, header: true, areQuotesGiven: true, areRowsNamed };
  const reader = tableReader(dialect, "f", COLUMNS);
  const decoder = createDecoder("f", namedEncoding(writer, hasMark));
  const rows: LabeledRow[] = [];
  const take = (records: DataRecord[]) => {
    for (const { get } of records) rows.push([get("text") as string, get("label") as string]);
  };
  const buffer = new Uint8Array(bytes.length);
  for (const [i, from] of [0, ...cuts].entries()) {
    const chunk = buffer.subarray(0, (cuts[i] ?? bytes.length) - from);
    chunk.set(bytes.subarray(from, from + chunk.length));
    take(reader.push(decoder.push(chunk)));
    buffer.fill(0x22); // the reader must not keep the buffer
  }
  take(reader.push(decoder.end()));
  take(reader.end());
  return rows;
}

function forEachForm(
  rows: readonly LabeledRow[],
  fn: (
    bytes: Uint8Array,
    writer: Writer,
    hasMark: boolean,
    rows: readonly LabeledRow[],
    what: string,
  ) => void,
) {
  for (const [name, writer] of Object.entries(WRITERS)) {
    for (const newline of NEWLINES) {
      for (const hasMark of [true, false]) {
        const some = writable(writer, rows);
        const bytes = encode(write(writer, newline, some), writer.encoding, hasMark);
        fn(bytes, writer, hasMark, some, `${name}, ${JSON.stringify(newline)}, ${hasMark}`);
      }
    }
  }
}

/** Compares rows as text, which is fast, and shows them as rows if they differ. */
function assertRows(found: LabeledRow[], rows: readonly LabeledRow[], what: string) {
  if (JSON.stringify(found) !== JSON.stringify(rows)) assertEquals(found, [...rows], what);
}

Deno.test("rows are the same at any chunk boundary, in every dialect", () => {
  forEachForm(FEW, (bytes, writer, hasMark, rows, what) => {
    for (let at = 0; at <= bytes.length; at++) {
      assertRows(read(bytes, [at], writer, hasMark), rows, `${what}, split at ${at}`);
    }
    const each = Array.from(bytes.subarray(1), (_, i) => i + 1);
    assertRows(read(bytes, each, writer, hasMark), rows, `${what}, each byte alone`);
  });
});

Deno.test("a thousand rows are the same in every dialect, as a whole and in random chunks", () => {
  const dice = new Dice(4, 1);
  forEachForm(rowsOf(1000), (bytes, writer, hasMark, rows, what) => {
    const content = decodeText(bytes, "f", namedEncoding(writer, hasMark));
    const examples = parseExamples(content, { quotes: writer.quotes ?? "double" });
    assertRows(examples.map(({ text, label }) => [text, label!]), rows, what);
    for (const most of [60, 5000, 70_000]) {
      const cuts = [];
      for (let at = dice.below(most); at < bytes.length; at += dice.below(most)) cuts.push(at);
      assertRows(read(bytes, cuts, writer, hasMark), rows, `${what}, split at ${cuts.slice(0, 9)}`);
    }
  });
});
