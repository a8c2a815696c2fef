/**
 * JSON Lines: one JSON object a line.
 *
 * @module
 */
import { type Columns, errorAt, type RecordReader, type Report, throwIt } from "./records.ts";
import { quote } from "../printable.ts";
import { objectRecords, parseObject } from "./json_objects.ts";
import { lineReader } from "./lines.ts";
import { lineRecords } from "./sampling.ts";

/**
 * Reads a record from each line; blank lines are skipped.
 *
 * @param report What to do about a line that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} Where a line is not a JSON object, or lacks a key.
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
    const expected = 'expected one JSON object a line, such as {"text": "good", "label": "up"}';
    report(errorAt(name, line, `${expected}, got ${quote(text)}`), line);
  });
  return lineRecords(lines, records);
}
