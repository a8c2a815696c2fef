/**
 * JSON Lines: one JSON object a line.
 *
 * @module
 */
import { type DataRecord, errorAt, quote } from "./records.ts";

/**
 * The record of each line; blank lines are skipped.
 *
 * @throws {InputError} Where a line is not a JSON object.
 */
export function readJsonLines(
  content: string,
  name: string,
  keys: readonly string[],
): DataRecord[] {
  const records: DataRecord[] = [];
  for (const [i, text] of content.split(/\r\n|\r|\n/).entries()) {
    if (text.trim() === "") continue;
    const value = parseObject(text);
    if (value === undefined) {
      throw errorAt(name, i + 1, `expected a JSON object such as {"text": …}, got ${quote(text)}`);
    }
    for (const key of keys) {
      if (Object.hasOwn(value, key)) continue;
      const present = Object.keys(value).slice(0, 8).map(quote).join(", ") || "none";
      throw errorAt(name, i + 1, `no key ${quote(key)}; the object has ${present}`);
    }
    records.push({ line: i + 1, get: (key) => value[key] });
  }
  return records;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
