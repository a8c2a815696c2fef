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

/** An error at a line of a file. */
export function errorAt(name: string, line: number, problem: string): InputError {
  return new InputError(`${name}:${line}: ${problem}`);
}

/** A value for an error message: in quotes, not too long, nothing in it that a terminal obeys. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return shown.replace(
    /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu,
    (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** The first few of some names, for an error message. */
export function quoteSome(names: readonly string[]): string {
  return names.slice(0, 8).map(quote).join(", ") + (names.length > 8 ? ", …" : "");
}
