/**
 * Opens record readers for any data format.
 *
 * @module
 */
import { conllReader, conlluReader } from "./conll.ts";
import { type Dialect, tableReader } from "./csv.ts";
import { fastTextReader } from "./fasttext.ts";
import { type DataFormat, isTableFormat } from "./formats.ts";
import { jsonArrayReader } from "./json_array.ts";
import { jsonLinesReader } from "./json_lines.ts";
import type { Columns, RecordReader, Report } from "./records.ts";
import { mayHaveWordRows, wordRowReader } from "./word_rows.ts";

type OpenReader = (
  name: string,
  columns: Columns,
  report?: Report,
  labelSeparator?: string,
) => RecordReader;

const READERS: Record<Exclude<DataFormat, "csv" | "tsv">, OpenReader> = {
  jsonl: (name, columns, report) => jsonLinesReader(name, columns, report),
  json: (name, columns, report) => jsonArrayReader(name, columns, report),
  conll: (name, columns, report) => conllReader(name, columns, report),
  conllu: (name, columns, report) => conlluReader(name, columns, report),
  fasttext: (name, columns, report, separator) =>
    fastTextReader(name, columns, report, undefined, separator),
};

/**
 * Creates a reader of the records of a text.
 *
 * @param beginning The beginning of the text, at least its first line.
 * @param settings `dialect`: the dialect of a table. Default: as in RFC 4180, with a header.
 *   `report`: called for a record that cannot be read, which is then skipped. Default: throws.
 *   `labelSeparator`: what to put between several fastText labels. Default: a line has one label.
 * @throws {InputError} From `push` and `end`, if something cannot be read, with the line.
 */
export function recordReader(
  beginning: string,
  format: DataFormat,
  name: string,
  columns: Columns,
  { dialect, report, labelSeparator }: {
    dialect?: Dialect;
    report?: Report;
    labelSeparator?: string;
  } = {},
): RecordReader {
  if (!isTableFormat(format)) return READERS[format](name, columns, report, labelSeparator);
  const separator = format === "tsv" ? "\t" : ",";
  const written = dialect ?? { separator, quotes: "double", header: true };
  const open = (columns: Columns) => tableReader(written, name, columns, report);
  return mayHaveWordRows(beginning) ? wordRowReader(open, name, columns, report) : open(columns);
}
