/**
 * The records of content in any format.
 *
 * @module
 */
import { conllReader, conlluReader } from "./conll.ts";
import { type Dialect, readTable } from "./csv.ts";
import { fastTextReader } from "./fasttext.ts";
import { type DataFormat, isTableFormat } from "./formats.ts";
import { jsonArrayReader } from "./json_array.ts";
import { jsonLinesReader } from "./json_lines.ts";
import type { Columns, DataRecord, RecordReader, Report } from "./records.ts";
import { readAll } from "./sampling.ts";
import { mayHaveWordRows, readWordRows } from "./word_rows.ts";

type OpenReader = (name: string, columns: Columns, report?: Report) => RecordReader;

const READERS: Record<Exclude<DataFormat, "csv" | "tsv">, OpenReader> = {
  jsonl: jsonLinesReader,
  json: jsonArrayReader,
  conll: conllReader,
  conllu: conlluReader,
  fasttext: fastTextReader,
};

/**
 * The records of a whole content.
 *
 * @param settings `dialect`: how a table is written. Default: as RFC 4180 has it, with a header.
 *   `report`: what to do about a record that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} For whatever cannot be read, with the line.
 */
export function readRecords(
  content: string,
  format: DataFormat,
  name: string,
  columns: Columns,
  { dialect, report }: { dialect?: Dialect; report?: Report } = {},
): Iterable<DataRecord> {
  if (!isTableFormat(format)) return readAll(READERS[format](name, columns, report), content);
  const separator = format === "tsv" ? "\t" : ",";
  const written = dialect ?? { separator, quotes: "double", header: true };
  const read = (columns: Columns) => readTable(content, written, name, columns, report);
  return mayHaveWordRows(content) ? readWordRows(read, name, columns, report) : read(columns);
}
