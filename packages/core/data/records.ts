/**
 * What the readers of data files share.
 *
 * @module
 */
import { InputError } from "../errors.ts";

/** A column, or a key, that is read. */
export interface Column {
  /** Its name in the file. */
  name: string;
  /** What it holds: text or label, source or target. */
  role: string;
}

/** A value for each key, and where in its file it begins. */
export interface DataRecord {
  /** The line, from 1. */
  line: number;
  /** The value of a key, if there is one. */
  get(key: string): unknown;
}

/** The columns of a file, and what stands in them at its beginning. */
export interface Sample {
  /** The names, in their order. */
  columns: string[];
  /** The first values of a column. */
  valuesOf(column: string): readonly unknown[];
}

/** The columns to read: known, or chosen by what the file begins with. */
export type Columns = readonly Column[] | ((sample: Sample) => readonly Column[]);

/** How many records a sample is of: enough to distinguish texts from labels. */
export const SAMPLE_SIZE = 200;

/** The first items of an iterator, no more than a sample has. */
export function firstOf<T>(items: Iterator<T>): T[] {
  const first: T[] = [];
  while (first.length < SAMPLE_SIZE) {
    const { done, value } = items.next();
    if (done) break;
    first.push(value);
  }
  return first;
}

/**
 * What to do about a record that cannot be read, which begins at a line: to throw the error, or to
 * note it and read on.
 */
export type Report = (error: InputError, line: number) => void;

/** The report that ends the reading. */
export function throwIt(error: InputError): never {
  throw error;
}

/** An error at a line of a file. */
export function errorAt(name: string, line: number, problem: string): InputError {
  return new InputError(`${name}:${line}: ${problem}`);
}

/** A value for an error message: in quotes, not too long, nothing in it that a terminal obeys. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? value : beginningOf(value, 40);
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return shown.replace(
    /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu,
    (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** A value as JSON, no further than is shown: it may be large, or nested a million levels deep. */
function beginningOf(value: unknown, length: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, length));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  const isArray = Array.isArray(value);
  let text = isArray ? "[" : "{";
  for (const key in value) {
    if (text.length > length) return text;
    if (text.length > 1) text += ",";
    if (!isArray) text += `${beginningOf(key, length)}:`;
    text += beginningOf((value as Record<string, unknown>)[key], length - text.length);
  }
  return text + (isArray ? "]" : "}");
}

/** The first few of some names, for an error message. */
export function quoteSome(names: readonly string[]): string {
  return names.slice(0, 8).map(quote).join(", ") + (names.length > 8 ? ", …" : "");
}
