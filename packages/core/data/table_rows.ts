/**
 * The rows of a table with all their fields, to write them again with more.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { chooseColumns } from "./choose_columns.ts";
import { tableReader } from "./csv.ts";
import { createDecoder } from "./decode.ts";
import type { DataBeginning } from "./example_reader.ts";
import { dialectOf, exampleOf, type ParseOptions } from "./examples.ts";
import { DATA_FORMATS, type DataFormat, isTableFormat } from "./formats.ts";
import { detectFormat, guessFormat } from "./guess_format.ts";
import { recordReader } from "./read_records.ts";
import { type DataReading, readingOf } from "./reading.ts";
import {
  type Column,
  type DataRecord,
  errorAt,
  type Field,
  quoteSome,
  type Report,
  type Sample,
  throwIt,
} from "./records.ts";
import { noContent, readText, type TextReader, textReader } from "./text_reader.ts";
import { wordColumns } from "./word_rows.ts";

/** A row of a table. */
export interface DataRow {
  /** The line that it begins at, from 1. */
  line: number;
  /** All its fields, in their order. */
  fields: readonly Field[];
  /** Its text; none where it has none that can be used. */
  text?: string;
  /** Why it has none, with the place. */
  problem?: string;
}

/** A table that is read row by row. */
export interface DataRows extends Iterable<DataRow> {
  /** The form that it is read in. */
  format: DataFormat;
  /** The name of the column of the texts. */
  textColumn: string;
  /** The names of all columns; of JSON Lines, which are read once more for it, all keys. */
  columns(): string[];
}

/** Settings of {@linkcode readRows}. */
export interface RowOptions
  extends Pick<ParseOptions, "separator" | "quotes" | "header" | "maxTextLength"> {
  /** The form of the content. Default: guessed by its beginning. */
  format?: DataFormat;
  /** What to call the content in errors. Default: `"data"`. */
  name?: string;
  /**
   * The column or key of the texts. Default: `usualColumn`, or where there is none, the one with the
   * longest texts.
   */
  textColumn?: string;
  /** What the column of the texts is called as a rule. Default: `"text"`. */
  usualColumn?: string;
  /** Called at the end with how the rows were read: `isGuessed` is about how a table is written. */
  onRead?: (reading: DataReading) => void;
  /** What to do about a row that cannot be read at all. Default: throw; else it is left out. */
  report?(error: InputError, line: number): void;
}

/**
 * The rows of CSV, TSV, JSON Lines or a JSON array, one after the other as they are asked for. A row whose text
 * cannot be used says so in place of it.
 *
 * @throws {InputError} Where there is nothing to read or no such column, and for a row that cannot be
 *   read, unless `report` takes it.
 *
 * @example
 * ```ts
 * import { readRows } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = readRows("id,review\n7,not bad\n");
 * assertEquals([rows.textColumn, rows.columns()], ["review", ["id", "review"]]);
 * const [{ text, fields }] = rows;
 * assertEquals([text, fields], ["not bad", [["id", "7"], ["review", "not bad"]]]);
 * ```
 */
export function readRows(content: string, options: RowOptions = {}): DataRows {
  const { name = "data" } = options;
  const { reader, head } = rowReader(options, guessFormat);
  const rows = readText(reader, content);
  const first = rows.next();
  const { format, textColumn, header } = head();
  return {
    format,
    textColumn,
    columns: () => isTableFormat(format) ? header : keysOf(content, format, name),
    *[Symbol.iterator]() {
      if (first.done) return;
      yield first.value;
      yield* rows;
    },
  };
}

/** Settings of {@linkcode createRowReader}. */
export interface RowReaderOptions extends RowOptions {
  /** The encoding of the bytes. Default: UTF-8, or UTF-16 by its mark. */
  encoding?: string;
  /** Called before the first row, with what the file begins with. */
  onBeginning?: (beginning: DataBeginning) => void;
}

/** Reads the rows of a table from bytes that come in chunks, cut anywhere. */
export interface DataRowReader {
  /** The rows that are complete with these bytes. */
  push(bytes: Uint8Array): DataRow[];
  /** The rest, at the end of the bytes. */
  end(): DataRow[];
  /** The encoding of the bytes: the one given, or found at their beginning. */
  readonly encoding: string;
  /** The name of the column of the texts, from the first row on. */
  readonly textColumn: string;
  /**
   * The names of all columns, from the first row on; of JSON, whose objects may have any keys, those
   * of the first 200 objects.
   */
  readonly columns: readonly string[];
}

/**
 * A reader of the rows of a table from a file's bytes, which need never be all in memory. It gives
 * what `readRows` does, however the bytes are cut.
 *
 * @throws {InputError} From `push` and `end`, as `readRows` does.
 *
 * @example
 * ```ts
 * import { createRowReader } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const reader = createRowReader();
 * const rows = reader.push(new TextEncoder().encode("id,review\n7,not bad\n"));
 * rows.push(...reader.end());
 * assertEquals([reader.textColumn, reader.columns], ["review", ["id", "review"]]);
 * assertEquals(rows.map(({ text }) => text), ["not bad"]);
 * ```
 */
export function createRowReader(options: RowReaderOptions = {}): DataRowReader {
  const { name = "data", encoding, onBeginning } = options;
  const decoder = createDecoder(name, encoding);
  const { reader, head } = rowReader(options, (text) => {
    const { format, isGuess } = detectFormat(name, text);
    onBeginning?.({ format: options.format ?? format, isGuess: !options.format && isGuess, text });
    return format;
  });
  return {
    push: (bytes) => reader.push(decoder.push(bytes)),
    end: () => [...reader.push(decoder.end()), ...reader.end()],
    get encoding() {
      return decoder.encoding;
    },
    get textColumn() {
      return head().textColumn;
    },
    get columns() {
      return head().header;
    },
  };
}

/** What is known of a table from its first row on. */
interface Head {
  format: DataFormat;
  textColumn: string;
  header: string[];
}

function rowReader(
  options: RowOptions,
  guess: (beginning: string) => DataFormat,
): { reader: TextReader<DataRow>; head: () => Head } {
  const { name = "data", usualColumn = "text", report = throwIt } = options;
  const column = { name: options.textColumn ?? usualColumn, role: "text" };
  let format: DataFormat = "csv", header: string[] = [];
  const formatOf = (beginning: string) => {
    const guessed = guess(beginning);
    return options.format ?? guessed;
  };
  const open = (beginning: string): TextReader<DataRow> => {
    format = formatOf(beginning);
    const isTable = isTableFormat(format);
    if (!isTable && format !== "jsonl" && format !== "json") {
      const { title } = DATA_FORMATS[format];
      throw errorAt(name, 1, `${title} has no columns to keep; give CSV, TSV or JSON Lines`);
    }
    const choose = (sample: Sample) => {
      header = sample.columns;
      if (isTable && options.textColumn === undefined) requireTexts(header, name);
      column.name = options.textColumn ??
        (header.includes(usualColumn)
          ? usualColumn
          : chooseColumns(sample, "texts", [usualColumn], {})[0]);
      return isTable ? [column] : []; // an object without the key is a row all the same
    };
    const dialect = dialectOf(beginning, format, "texts", { ...options, textColumn: column.name });
    const records = dialect
      ? tableReader(dialect, name, choose, report)
      : recordReader(beginning, format, name, choose, { report });
    let isFirst = true, count = 0;
    const take = (some: readonly DataRecord[]): DataRow[] => {
      if (isFirst && some.length > 0) {
        isFirst = false;
        if (!isTable) requireKey(column.name, header, name, some[0].line);
      }
      count += some.length;
      return some.map((record) => rowOf(record, column, name, options.maxTextLength));
    };
    return {
      push: (chunk) => take(records.push(chunk)),
      end() {
        const last = take(records.end()), { name: textColumn } = column;
        const asked = { ...options, kind: "texts", textColumn } as const;
        options.onRead?.(readingOf(asked, format, dialect, [textColumn], count));
        return last;
      },
    };
  };
  const reader = textReader(open, (beginning) => noContent(name, formatOf(beginning), [column]));
  return { reader, head: () => ({ format, textColumn: column.name, header }) };
}

function rowOf(record: DataRecord, column: Column, name: string, maxTextLength?: number): DataRow {
  const { line } = record, fields = record.fields!();
  if (record.get(column.name) === undefined) { // of JSON alone
    return { line, fields, problem: `${name}:${line}: no key ${quote(column.name)}` };
  }
  try {
    return { line, fields, text: exampleOf(record, [column], name, { maxTextLength }).text };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { line, fields, problem: error.message };
  }
}

/** Throws for a table with one word a row: alone, words are not what a model was trained on. */
function requireTexts(header: readonly string[], name: string): void {
  const words = wordColumns(header);
  if (words === undefined) return;
  const problem = `one word a row, by the columns ${quoteSome([words.sentence, words.text])}`;
  const cure = "give one text a row, or name the column to read with the text column option";
  throw errorAt(name, 1, `${problem}; ${cure}`);
}

/** Throws where none of the first objects has the key of the texts. */
function requireKey(key: string, keys: readonly string[], name: string, line: number): void {
  if (keys.includes(key)) return;
  const found = quoteSome(keys) || "none";
  throw errorAt(
    name,
    line,
    `no key ${quote(key)}: the objects have ${found}; name yours with the text column option`,
  );
}

/** All keys of JSON objects, in the order of their first appearance. */
function keysOf(content: string, format: DataFormat, name: string): string[] {
  const keys = new Set<string>();
  const ignore: Report = () => {}; // said when the rows are read
  const read = (beginning: string) => recordReader(beginning, format, name, [], { report: ignore });
  const records = textReader(read, () => noContent(name, format, []));
  for (const { fields } of readText(records, content)) {
    for (const [key] of fields!()) keys.add(key);
  }
  return [...keys];
}
