/**
 * The table that rows become with their predictions.
 *
 * @module
 */
import {
  type DataFormat,
  type Field,
  isTableFormat,
  writeHeader,
  type WriteOptions,
  writeRow,
} from "@unroll/core";
import { isTwofold } from "../output/why_view.ts";
import type { AnswerColumns } from "../tasks/task.ts";

/** A table that is written. */
export interface Table {
  /** What stands before its first row. */
  start: string;
  /** The names of the answers' columns. */
  names: readonly string[];
  /** A row as text. */
  row(fields: readonly Field[], values: readonly unknown[]): string;
}

/** The table that rows and their answers become. */
export function tableFor(
  answers: Pick<AnswerColumns, "names">,
  format: DataFormat,
  columns: readonly string[],
  options: WriteOptions,
): Table {
  const isTable = options.format !== "jsonl";
  // A JSON object has a key once; a header may have a name twice.
  const own = isTable
    ? columns
    : columns.reduce<string[]>((taken, name) => [...taken, free(name, taken)], []);
  const names = answers.names.reduce<string[]>(
    (taken, name) => [...taken, free(name, [...own, ...taken])],
    [],
  );
  const isFromTable = isTableFormat(format);
  const ownFields = (fields: readonly Field[]): readonly Field[] => {
    if (isFromTable) return fields.map(([, value], i) => [own[i], value]);
    if (!isTable) return fields; // each object has its own keys
    const values = new Map(fields);
    return own.map((name) => [name, values.get(name)]);
  };
  return {
    start: writeHeader([...own, ...names], options),
    names,
    row(fields, values) {
      // Without an answer the cells are empty; in JSON they are null.
      const added = names.map((name, i): Field => {
        const value = values[i] ?? null;
        return [name, !isTwofold(value) ? value : isTable ? value.cell : value.json];
      });
      return writeRow([...ownFields(fields), ...added], options);
    },
  };
}

/** A name that is not taken: itself, or with a number behind it. */
function free(name: string, taken: readonly string[]): string {
  for (let i = 1;; i++) {
    const candidate = i === 1 ? name : `${name}_${i}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
