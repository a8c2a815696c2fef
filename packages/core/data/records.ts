/**
 * What the readers of data files share.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";

export { quote };

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
  /** All that stands in it, in the order of the file; a name may stand there twice. */
  fields?(): readonly Field[];
}

/** The name of a column or a key, and the value there. */
export type Field = readonly [name: string, value: unknown];

/** Reads records from text that comes in chunks, cut anywhere. */
export interface RecordReader {
  /** The records that are complete with this chunk. */
  push(chunk: string): DataRecord[];
  /** The rest, at the end of the text. */
  end(): DataRecord[];
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

/**
 * Runs steps that add to a list. An error waits for the next step where something was found before
 * it, so that an error in what was found comes first.
 */
export function inOrderOf<T>(): (step: (found: T[]) => void, isLast?: boolean) => T[] {
  let failure: { error: unknown } | undefined;
  return (step, isLast = false) => {
    if (failure) throw failure.error;
    const found: T[] = [];
    try {
      step(found);
    } catch (error) {
      if (found.length === 0 || isLast) throw error;
      failure = { error };
    }
    return found;
  };
}

/** An error at a line of a file. */
export function errorAt(name: string, line: number, problem: string): InputError {
  return new InputError(`${name}:${line}: ${problem}`);
}

/** The first few of some names, for an error message. */
export function quoteSome(names: readonly string[]): string {
  return names.slice(0, 8).map(quote).join(", ") + (names.length > 8 ? ", …" : "");
}
