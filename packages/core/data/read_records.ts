/**
 * The records of content in any format.
 *
 * @module
 */
import { conllReader, conlluReader } from "./conll.ts";
import { readTable } from "./csv.ts";
import { fastTextReader } from "./fasttext.ts";
import type { DataFormat } from "./formats.ts";
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
 * @param report What to do about a record that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} For whatever cannot be read, with the line.
 */
export function readRecords(
  content: string,
  format: DataFormat,
  name: string,
  columns: Columns,
  report?: Report,
): Iterable<DataRecord> {
  if (format !== "csv" && format !== "tsv") {
    return readAll(READERS[format](name, columns, report), content);
  }
  const read = (columns: Columns) =>
    readTable(content, format === "tsv" ? "\t" : ",", name, columns, report);
  return mayHaveWordRows(content) ? readWordRows(read, name, columns, report) : read(columns);
}
