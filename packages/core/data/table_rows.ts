/**
 * The rows of a table with all their fields, to write them again with more.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { chooseColumns } from "./choose_columns.ts";
import { dialectOf, exampleOf, expected, type ParseOptions } from "./examples.ts";
import { DATA_FORMATS, type DataFormat, isTableFormat } from "./formats.ts";
import { guessFormat } from "./guess_format.ts";
import { readRecords } from "./read_records.ts";
import {
  type DataRecord,
  errorAt,
  type Field,
  quoteSome,
  type Report,
  type Sample,
  throwIt,
} from "./records.ts";

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
export interface RowOptions extends Pick<ParseOptions, "separator" | "quotes" | "header"> {
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
  const { name = "data", usualColumn = "text", report = throwIt } = options;
  const whole = content.replace(/^\ufeff/, "");
  const format = options.format ?? guessFormat(whole);
  if (whole.trim() === "") {
    const usual = { name: options.textColumn ?? usualColumn, role: "text" };
    throw errorAt(name, 1, `no content; expected ${expected(format, [usual])}`);
  }
  const isTable = isTableFormat(format);
  if (!isTable && format !== "jsonl" && format !== "json") {
    const { title } = DATA_FORMATS[format];
    throw errorAt(name, 1, `${title} has no columns to keep; give CSV, TSV or JSON Lines`);
  }
  const column = { name: "", role: "text" };
  let header: string[] = [];
  const choose = (sample: Sample) => {
    header = sample.columns;
    column.name = options.textColumn ??
      (header.includes(usualColumn)
        ? usualColumn
        : chooseColumns(sample, "texts", [usualColumn], {})[0]);
    return isTable ? [column] : []; // an object without the key is a row all the same
  };
  const dialect = dialectOf(whole, format, "texts", {
    ...options,
    textColumn: options.textColumn ?? usualColumn,
  });
  const records = readRecords(whole, format, name, choose, { dialect, report })[Symbol.iterator]();
  const first = records.next();
  if (!isTable && !first.done && !header.includes(column.name)) {
    const { line } = first.value;
    throw errorAt(
      name,
      line,
      `no key ${quote(column.name)}: the objects have ${quoteSome(header) || "none"}; ` +
        "name yours with the text column option",
    );
  }
  const rowOf = (record: DataRecord): DataRow => {
    const { line } = record, fields = record.fields!();
    if (record.get(column.name) === undefined) { // of JSON alone
      return { line, fields, problem: `${name}:${line}: no key ${quote(column.name)}` };
    }
    try {
      return { line, fields, text: exampleOf(record, [column], name).text };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { line, fields, problem: error.message };
    }
  };
  return {
    format,
    textColumn: column.name,
    columns: () => isTable ? header : keysOf(whole, format, name),
    *[Symbol.iterator]() {
      if (!first.done) yield rowOf(first.value);
      for (let next = records.next(); !next.done; next = records.next()) yield rowOf(next.value);
    },
  };
}

/** All keys of JSON Lines, in the order of their first appearance. */
function keysOf(content: string, format: DataFormat, name: string): string[] {
  const keys = new Set<string>();
  const ignore: Report = () => {}; // said when the rows are read
  for (const { fields } of readRecords(content, format, name, [], { report: ignore })) {
    for (const [key] of fields!()) keys.add(key);
  }
  return [...keys];
}
