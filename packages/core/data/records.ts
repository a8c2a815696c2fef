/**
 * Types and functions that all readers of data files share.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";

export { quote };

/** A column, or a key, to read. */
export interface Column {
  /** Its name in the file. */
  name: string;
  /** Its role: text or label, source or target. */
  role: string;
}

/** A record of a data file: a row, an object or a sentence. */
export interface DataRecord {
  /** The line where it begins, from 1. */
  line: number;
  /** Returns the value of a column or key; undefined if there is none. */
  get(key: string): unknown;
  /** Returns all fields, in the order of the file; names may repeat. */
  fields?(): readonly Field[];
}

/** The name of a column or a key, and its value. */
export type Field = readonly [name: string, value: unknown];

/** Reads records from text that arrives in chunks, split anywhere. */
export interface RecordReader {
  /** Returns the records that this chunk completes. */
  push(chunk: string): DataRecord[];
  /** Returns the remaining records, after the last chunk. */
  end(): DataRecord[];
}

/** The columns of a file, and their first values. */
export interface Sample {
  /** The names, in their order. */
  columns: string[];
  /** Returns the first values of a column. */
  valuesOf(column: string): readonly unknown[];
}

/** The columns to read: given, or chosen from a sample of the file. */
export type Columns = readonly Column[] | ((sample: Sample) => readonly Column[]);

/** The number of records in a sample: enough to distinguish texts from labels. */
export const SAMPLE_SIZE = 200;

/**
 * Handles a record that cannot be read: throws the error to stop, or records it to continue with
 * the next record. `line` is where the record begins.
 */
export type Report = (error: InputError, line: number) => void;

/** A {@linkcode Report} that throws the error. */
export function throwIt(error: InputError): never {
  throw error;
}

/**
 * Returns a function that runs steps which add items to a list. If a step fails after it added
 * items, its error is thrown by the next step, so that errors in those items are reported first.
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

/** Creates an error at a line of a file. */
export function errorAt(name: string, line: number, problem: string): InputError {
  return new InputError(`${name}:${line}: ${problem}`);
}

/** Quotes at most eight names, for an error message. */
export function quoteSome(names: readonly string[]): string {
  return names.slice(0, 8).map(quote).join(", ") + (names.length > 8 ? ", …" : "");
}
