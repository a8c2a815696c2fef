/**
 * JSON Lines: one JSON object per line.
 *
 * @module
 */
import { type Columns, errorAt, type RecordReader, type Report, throwIt } from "./records.ts";
import { quote } from "../printable.ts";
import { objectRecords, parseObject } from "./json_objects.ts";
import { lineReader } from "./lines.ts";
import { lineRecords } from "./sampling.ts";

/**
 * Creates a reader with one record per line; blank lines are skipped.
 *
 * @param report Called for a line that cannot be read, which is then skipped. Default: throws.
 * @throws {InputError} From `push` and `end`, if a line is not a JSON object or lacks a key.
 */
export function jsonLinesReader(
  name: string,
  keys: Columns,
  report: Report = throwIt,
): RecordReader {
  const records = objectRecords(name, keys, report);
  const lines = lineReader((text, line) => {
    if (text.trim() === "") return;
    const value = parseObject(text);
    if (value) return records.add({ line, text, value });
    const expected = 'expected one JSON object per line, such as {"text": "good", "label": "up"}';
    report(errorAt(name, line, `${expected}, got ${quote(text)}`), line);
  });
  return lineRecords(lines, records);
}
