/**
 * JSON Lines: one JSON object a line.
 *
 * @module
 */
import { type Column, type DataRecord, errorAt, quote, quoteSome } from "./records.ts";

/**
 * The record of each line; blank lines are skipped.
 *
 * @throws {InputError} Where a line is not a JSON object, or lacks a key.
 */
export function readJsonLines(
  content: string,
  name: string,
  keys: readonly Column[],
): DataRecord[] {
  const records: DataRecord[] = [];
  for (const [i, text] of content.split(/\r\n|\r|\n/).entries()) {
    if (text.trim() === "") continue;
    const value = parseObject(text);
    if (value === undefined) {
      throw errorAt(
        name,
        i + 1,
        `expected one JSON object a line, such as {"text": "good", "label": "up"}, got ${
          quote(text)
        }`,
      );
    }
    for (const { name: key, role } of keys) {
      if (Object.hasOwn(value, key)) continue;
      throw errorAt(
        name,
        i + 1,
        `no key ${quote(key)}: the object has ${quoteSome(Object.keys(value)) || "none"}; ` +
          `name yours with the ${role} column option`,
      );
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
