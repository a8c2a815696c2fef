/** Reads bytes through a decoder and a reader, in one chunk and in random chunks. */
import { conllReader, conlluReader } from "#core/data/conll.ts";
import { tableReader } from "#core/data/csv.ts";
import { createDecoder } from "#core/data/decode.ts";
import { fastTextReader } from "#core/data/fasttext.ts";
import { jsonArrayReader } from "#core/data/json_array.ts";
import { jsonLinesReader } from "#core/data/json_lines.ts";
import type { Column, Columns, DataRecord, RecordReader, Report } from "#core/data/records.ts";
import { type DataFormat, InputError } from "@unroll/core";
import type { Dice } from "./dice.ts";
import { require } from "./oracle.ts";

type Open = (name: string, columns: Columns, report?: Report) => RecordReader;

const table = (separator: string): Open => (name, columns, report) =>
  tableReader({ separator, quotes: "double", header: true }, name, columns, report);

const READERS: Record<DataFormat, Open> = {
  csv: table(","),
  tsv: table("\t"),
  jsonl: jsonLinesReader,
  json: jsonArrayReader,
  conll: conllReader,
  conllu: conlluReader,
  fasttext: fastTextReader,
};

const MAX_PROBLEMS = 5000; // more would take long, because each is an error

interface Read {
  records: string[];
  problems: string[];
  /** The error that ended the reading. */
  end?: string;
}

/** Throws unless bytes have the same records and problems at any chunk boundary. */
export function requireSameInChunks(
  bytes: Uint8Array,
  { format, columns: [text, label], name, isDecodable }: {
    format: DataFormat;
    columns: [text: string, label: string];
    name: string;
    isDecodable: boolean;
  },
  dice: Dice,
): void {
  const wanted: Column[] = [{ name: text, role: "text" }, { name: label, role: "label" }];
  const columns: Columns = dice.chance(0.5) ? wanted : () => wanted;
  const read = (size: () => number) =>
    readChunks(bytes, size, (report) => READERS[format](name, columns, report), name, wanted);
  const whole = read(() => bytes.length);
  const most = dice.pick(bytes.length > 5000 ? [2000, 65_536] : [1, 3, 16, 200, 4096]);
  const cut = read(() => dice.between(most > 1 ? 0 : 1, most));
  if (!isDecodable) {
    // Rows before that position may end the reading first.
    require(whole.end !== undefined && cut.end !== undefined, "what is no text is read in chunks");
    return;
  }
  // The message may name nearby rows.
  const [a, b] = [whole.end, cut.end].map((end) => end?.split("; ", 1)[0]);
  const isCut = whole.problems.length > MAX_PROBLEMS; // then another one is last
  require(a === b || isCut, `in one piece: ${a}; in pieces of ${most}: ${b}`);
  if (whole.end !== undefined) return; // records of that chunk are not returned
  // A row that does not fit may be reported after an unreadable one below it.
  for (const { problems } of [whole, cut]) problems.sort();
  const problem = whole.problems.findIndex((each, i) => each !== cut.problems[i]);
  require(
    problem < 0 && whole.problems.length === cut.problems.length,
    `other problems in pieces of ${most}: ${whole.problems[problem]}, ${cut.problems[problem]}`,
  );
  const at = whole.records.findIndex((each, i) => each !== cut.records[i]);
  require(
    at < 0 && whole.records.length === cut.records.length,
    `other records in pieces of ${most}: ${whole.records[at]}, ${cut.records[at]}`,
  );
}

function readChunks(
  bytes: Uint8Array,
  size: () => number,
  open: (report: Report) => RecordReader,
  name: string,
  wanted: readonly Column[],
): Read {
  const read: Read = { records: [], problems: [] };
  const take = (records: readonly DataRecord[]) => {
    for (const record of records) {
      const values = wanted.map(({ name }) => record.get(name));
      read.records.push(JSON.stringify([record.line, ...values]));
    }
  };
  const decoder = createDecoder(name);
  const reader = open((error, line) => {
    if (read.problems.push(`${line}: ${error.message}`) > MAX_PROBLEMS) throw error;
  });
  try {
    for (let at = 0; at < bytes.length;) {
      const chunk = bytes.slice(at, at + size());
      at += chunk.length;
      take(reader.push(decoder.push(chunk)));
      chunk.fill(0x21); // a buffer may be reused
    }
    take(reader.push(decoder.end()));
    take(reader.end());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    read.end = error.message;
  }
  return read;
}
