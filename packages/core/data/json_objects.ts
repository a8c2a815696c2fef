/**
 * Builds records from JSON objects: nested keys, numbers as strings, and lists of tokens and tags.
 *
 * @module
 */
import {
  type Columns,
  type DataRecord,
  errorAt,
  quoteSome,
  type Report,
  type Sample,
} from "./records.ts";
import { quote } from "../printable.ts";
import { type Sampling, sampling } from "./sampling.ts";
import { joinWords } from "./words.ts";

/** A JSON object and its place in the file. */
export interface ObjectAt {
  /** The line where it begins, from 1. */
  line: number;
  /** Its JSON text. */
  text: string;
  /** The parsed object. */
  value: JsonObject;
}

type JsonObject = Record<string, unknown>;

/** Parses a JSON object; returns undefined if the text is not one. */
export function parseObject(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined; // avoids the cost of throwing an error
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Turns objects into records. A key such as `a.b` reads key `b` of the object at key `a`, unless
 * there is a key `a.b`. Numbers and booleans become strings, a list of words becomes a text, and a
 * list of tags becomes a label.
 */
export function objectRecords(name: string, keys: Columns, report: Report): Sampling<ObjectAt> {
  return sampling(
    keys,
    sampleOf,
    ({ line, text: source, value }, wanted): DataRecord | undefined => {
      const whole = withWords(value);
      const missing = wanted.find(({ name }) => lookUp(whole, name) === undefined);
      if (isByColumns(value, wanted.length > 0 ? lookUp(whole, wanted[0].name) : undefined)) {
        const cure = 'write a list of objects, one for each text (pandas: orient="records")';
        report(errorAt(name, line, `the table is stored by column; ${cure}`), line);
        return;
      }
      if (missing) {
        const found = quoteSome([...sampleOf([{ line, text: source, value }]).columns]) || "none";
        const list = Object.keys(value).find((key) => isObjectList(value[key]));
        const cure = list === undefined
          ? `name yours with the ${missing.role} column option`
          : `the examples seem to be in ${quote(list)}: save only that list`;
        report(
          errorAt(name, line, `no key ${quote(missing.name)}: the object has ${found}; ${cure}`),
          line,
        );
        return;
      }
      const [text, label] = wanted.map(({ name }) => lookUp(whole, name));
      if (isWordList(text) && isTagList(label) && wanted[1].role === "label") {
        if (text.length !== label.length) {
          const counts = `${text.length} words and ${label.length} labels`;
          report(errorAt(name, line, `${counts}; give one label for each word`), line);
          return;
        }
      }
      return {
        line,
        get(key) {
          const found = lookUp(whole, key);
          // Joined only if the text is a list too: otherwise word boundaries are unknown.
          if (isTagList(found) && isWordList(text)) return joinWords(found.map(String));
          return typeof found === "number" || typeof found === "boolean" ? String(found) : found;
        },
        fields: () => Object.entries(HAS_NUMBERS.test(source) ? parseExactly(source) : value),
      };
    },
  );
}

const WORD_KEYS = ["tokens", "words"];
const TAG_KEYS = ["tags", "ner_tags", "labels", "pos_tags"];

/** Adds `text` and `label` to an object that has lists of words and tags under usual keys. */
function withWords(value: JsonObject): JsonObject {
  const valuesOf = (names: readonly string[]) =>
    names.map((name) => Object.hasOwn(value, name) ? value[name] : undefined);
  const words = Object.hasOwn(value, "text") ? undefined : valuesOf(WORD_KEYS).find(isWordList);
  if (words === undefined) return value;
  const tags = valuesOf(TAG_KEYS).find(isTagList);
  return { text: words, ...(tags && { label: tags }), ...value };
}

function isWordList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((each) => typeof each === "string");
}

/** Returns whether a value is a list of tags, which may be integers. */
function isTagList(value: unknown): value is (string | number)[] {
  return isWordList(value) ||
    (Array.isArray(value) && value.length > 0 && value.every(Number.isInteger));
}

function lookUp(value: JsonObject, key: string): unknown {
  if (Object.hasOwn(value, key)) return value[key];
  let found: unknown = value;
  for (const part of key.split(".")) {
    if (!isObject(found) || !Object.hasOwn(found, part)) return undefined;
    found = found[part];
  }
  return found;
}

/** Returns whether an object is a table as pandas writes it: by column, or split into its parts. */
function isByColumns(value: JsonObject, text: unknown): boolean {
  if (isObject(text) && Object.hasOwn(text, "0")) return true;
  return Array.isArray(value.columns) && Array.isArray(value.index) && Array.isArray(value.data);
}

function isObjectList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Collects all keys of objects and their values in one pass, since objects may differ in keys. */
function sampleOf(objects: readonly ObjectAt[]): Sample {
  const values = new Map<string, unknown[]>();
  const add = (key: string, value: unknown, depth: number) => {
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
    if (depth < MAX_DEPTH && isObject(value)) {
      for (const [inner, each] of Object.entries(value)) add(`${key}.${inner}`, each, depth + 1);
    }
  };
  for (const { value } of objects) {
    for (const [key, each] of Object.entries(withWords(value))) add(key, each, 1);
  }
  return { columns: [...values.keys()], valuesOf: (key) => values.get(key)! };
}

const MAX_DEPTH = 4; // of nested keys that are offered; deeper ones can still be named

const HAS_NUMBERS = /\d[.eE]|\d{16}|-0/; // numbers that a double may change or format differently

/** Parses an object, keeping such numbers as they are written, for example an id of 19 digits. */
function parseExactly(text: string): Record<string, unknown> {
  const { rawJSON } = JSON as { rawJSON?: (source: string) => unknown }; // not in every browser yet
  return JSON.parse(text, (_key, value, context?: { source?: string }) => {
    const source = context?.source;
    const isChanged = typeof value === "number" && source !== undefined && String(value) !== source;
    return isChanged && rawJSON ? rawJSON(source) : value;
  });
}
