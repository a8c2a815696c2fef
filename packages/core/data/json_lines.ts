/**
 * JSON Lines: one JSON object a line.
 *
 * @module
 */
import {
  type Column,
  type DataRecord,
  errorAt,
  quote,
  quoteSome,
  type Report,
  throwIt,
} from "./records.ts";

/**
 * The record of each line; blank lines are skipped.
 *
 * @param report What to do about a line that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} Where a line is not a JSON object, or lacks a key.
 */
export function readJsonLines(
  content: string,
  name: string,
  keys: readonly Column[],
  report: Report = throwIt,
): DataRecord[] {
  const records: DataRecord[] = [];
  for (const [i, text] of content.split(/\r\n|\r|\n/).entries()) {
    if (text.trim() === "") continue;
    const value = parseObject(text);
    if (value === undefined) {
      report(
        errorAt(
          name,
          i + 1,
          `expected one JSON object a line, such as {"text": "good", "label": "up"}, got ${
            quote(text)
          }`,
        ),
        i + 1,
      );
      continue;
    }
    const missing = keys.find(({ name }) => !Object.hasOwn(value, name));
    if (missing) {
      report(
        errorAt(
          name,
          i + 1,
          `no key ${quote(missing.name)}: the object has ` +
            `${quoteSome(Object.keys(value)) || "none"}; ` +
            `name yours with the ${missing.role} column option`,
        ),
        i + 1,
      );
      continue;
    }
    records.push({ line: i + 1, get: (key) => value[key] });
  }
  return records;
}

/** The keys of the first objects. */
export function readKeys(content: string): string[] {
  const lines = content.split(/\r\n|\r|\n/, LINES_FOR_KEYS);
  return [...new Set(lines.flatMap((line) => Object.keys(parseObject(line) ?? {})))];
}

const LINES_FOR_KEYS = 100; // enough to meet every key of a file that is at all regular

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
