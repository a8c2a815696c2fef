/**
 * JSON Lines: one JSON object a line.
 *
 * @module
 */
import {
  type Columns,
  type DataRecord,
  errorAt,
  firstOf,
  quoteSome,
  type Report,
  type Sample,
  throwIt,
} from "./records.ts";
import { quote } from "../printable.ts";

/**
 * The record of each line; blank lines are skipped.
 *
 * @param report What to do about a line that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} Where a line is not a JSON object, or lacks a key.
 */
export function* readJsonLines(
  content: string,
  name: string,
  keys: Columns,
  report: Report = throwIt,
): Generator<DataRecord> {
  const objects = readObjects(content, name, report);
  const first = typeof keys === "function" ? firstOf(objects) : [];
  const wanted = typeof keys === "function" ? keys(sampleOf(first)) : keys;
  const recordOf = ({ line, text, value }: ObjectAt): DataRecord[] => {
    const missing = wanted.find(({ name }) => !Object.hasOwn(value, name));
    const fields = () => Object.entries(HAS_NUMBERS.test(text) ? parseExactly(text) : value);
    if (!missing) return [{ line, get: (key) => value[key], fields }];
    const found = quoteSome(Object.keys(value)) || "none";
    const problem = `no key ${quote(missing.name)}: the object has ${found}`;
    report(
      errorAt(name, line, `${problem}; name yours with the ${missing.role} column option`),
      line,
    );
    return [];
  };
  for (const object of first) yield* recordOf(object);
  for (const object of objects) yield* recordOf(object);
}

interface ObjectAt {
  line: number;
  text: string;
  value: Record<string, unknown>;
}

function* readObjects(
  content: string,
  name: string,
  report: Report,
): Generator<ObjectAt, undefined> {
  for (const { line, text } of linesOf(content)) {
    const value = parseObject(text);
    if (value) {
      yield { line, text, value };
      continue;
    }
    const expected = 'expected one JSON object a line, such as {"text": "good", "label": "up"}';
    report(errorAt(name, line, `${expected}, got ${quote(text)}`), line);
  }
}

/** The lines that are not blank. */
function* linesOf(content: string): Generator<{ line: number; text: string }> {
  const newline = /\r\n|\r|\n/g;
  for (let line = 1, start = 0; start < content.length; line++) {
    const end = newline.exec(content)?.index ?? content.length;
    const text = content.slice(start, end);
    if (text.trim() !== "") yield { line, text };
    start = newline.lastIndex || content.length;
  }
}

/** All keys of some objects, and their values: one pass, as each may have others. */
function sampleOf(objects: readonly ObjectAt[]): Sample {
  const values = new Map<string, unknown[]>();
  for (const { value } of objects) {
    for (const [key, each] of Object.entries(value)) {
      const known = values.get(key);
      if (known) known.push(each);
      else values.set(key, [each]);
    }
  }
  return { columns: [...values.keys()], valuesOf: (key) => values.get(key)! };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const HAS_NUMBERS = /\d[.eE]|\d{16}|-0/; // that a double may change, or write in another way

/** An object in which such a number is written as it was read: an id of 19 digits, say. */
function parseExactly(text: string): Record<string, unknown> {
  const { rawJSON } = JSON as { rawJSON?: (source: string) => unknown }; // not in every browser yet
  return JSON.parse(text, (_key, value, context?: { source?: string }) => {
    const source = context?.source;
    const isChanged = typeof value === "number" && source !== undefined && String(value) !== source;
    return isChanged && rawJSON ? rawJSON(source) : value;
  });
}
