/**
 * Reads the rows of a table with all their fields, to write them again with added columns.
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
  /** The line where it begins, from 1. */
  line: number;
  /** All its fields, in their order. */
  fields: readonly Field[];
  /** Its text; undefined if it has no usable text. */
  text?: string;
  /** Why it has no usable text, with file and line. */
  problem?: string;
}

/** A table that is read row by row. */
export interface DataRows extends Iterable<DataRow> {
  /** The format that it is read in. */
  format: DataFormat;
  /** The name of the text column. */
  textColumn: string;
  /** Returns the names of all columns; for JSON, reads the content again to collect all keys. */
  columns(): string[];
}

/** Settings of {@linkcode readRows}. */
export interface RowOptions
  extends Pick<ParseOptions, "separator" | "quotes" | "header" | "maxTextLength"> {
  /** The format of the content. Default: guessed from its beginning. */
  format?: DataFormat;
  /** The content's name in errors. Default: `"data"`. */
  name?: string;
  /**
   * The column or key of the texts. Default: `usualColumn`, or if there is no such column, the one
   * with the longest texts.
   */
  textColumn?: string;
  /** The usual name of the text column. Default: `"text"`. */
  usualColumn?: string;
  /** Called at the end with a summary of how the rows were read; `isGuessed` covers the dialect. */
  onRead?: (reading: DataReading) => void;
  /** Called for a row that cannot be parsed, which is then skipped. Default: throws. */
  report?(error: InputError, line: number): void;
}

/**
 * Reads the rows of CSV, TSV, JSON Lines or a JSON array lazily, one at a time. A row without a
 * usable text has a `problem` instead.
 *
 * @throws {InputError} If there is nothing to read, the column does not exist, or a row cannot be
 *   parsed and `report` is not given.
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
  /** The encoding of the bytes. Default: UTF-8, or UTF-16 with a byte order mark. */
  encoding?: string;
  /** Called before the first row, with the beginning of the file. */
  onBeginning?: (beginning: DataBeginning) => void;
}

/** Reads the rows of a table from bytes that arrive in chunks, split anywhere. */
export interface DataRowReader {
  /** Returns the rows that these bytes complete. */
  push(bytes: Uint8Array): DataRow[];
  /** Returns the remaining rows, after the last bytes. */
  end(): DataRow[];
  /** The encoding of the bytes: the one given, or the one detected from the first bytes. */
  readonly encoding: string;
  /** The name of the text column; final once the first row was returned. */
  readonly textColumn: string;
  /**
   * The names of all columns, once the first row was returned; for JSON, whose objects may differ
   * in keys, those of the first 200 objects.
   */
  readonly columns: readonly string[];
}

/**
 * Creates a reader of the rows of a table from a file's bytes without loading the whole file. It
 * returns the same rows as `readRows`, however the bytes are split.
 *
 * @throws {InputError} From `push` and `end`, under the same conditions as `readRows`.
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

/** What is known about a table once its first row was read. */
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
      return isTable ? [column] : []; // an object without the key is still a row
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
  if (record.get(column.name) === undefined) { // possible only in JSON
    return { line, fields, problem: `${name}:${line}: no key ${quote(column.name)}` };
  }
  try {
    return { line, fields, text: exampleOf(record, [column], name, { maxTextLength }).text };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { line, fields, problem: error.message };
  }
}

/** Throws if a table has one word per row, since models are trained on whole texts. */
function requireTexts(header: readonly string[], name: string): void {
  const words = wordColumns(header);
  if (words === undefined) return;
  const found = quoteSome([words.sentence, words.text]);
  const problem = `the columns ${found} suggest one word per row`;
  const cure = "give one text per row, or name the column to read with the text column option";
  throw errorAt(name, 1, `${problem}; ${cure}`);
}

/** Throws if none of the first objects has the key of the texts. */
function requireKey(key: string, keys: readonly string[], name: string, line: number): void {
  if (keys.includes(key)) return;
  const found = quoteSome(keys) || "none";
  throw errorAt(
    name,
    line,
    `no key ${quote(key)}: the objects have ${found}; name yours with the text column option`,
  );
}

/** Returns all keys of JSON objects, in the order of their first appearance. */
function keysOf(content: string, format: DataFormat, name: string): string[] {
  const keys = new Set<string>();
  const ignore: Report = () => {}; // reported when the rows are read
  const read = (beginning: string) => recordReader(beginning, format, name, [], { report: ignore });
  const records = textReader(read, () => noContent(name, format, []));
  for (const { fields } of readText(records, content)) {
    for (const [key] of fields!()) keys.add(key);
  }
  return [...keys];
}
