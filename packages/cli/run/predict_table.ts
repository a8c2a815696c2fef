/**
 * The output table: the rows of a file with their predictions.
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

/** A table to write. */
export interface Table {
  /** The text before the first row: the header, if the format has one. */
  start: string;
  /** The names of the prediction columns. */
  names: readonly string[];
  /** Returns a row as text. */
  row(fields: readonly Field[], values: readonly unknown[]): string;
}

/** Creates the table for rows and their predictions. */
export function tableFor(
  answers: Pick<AnswerColumns, "names">,
  format: DataFormat,
  columns: readonly string[],
  options: WriteOptions,
): Table {
  const isTable = options.format !== "jsonl";
  // JSON keys are unique; column names of a header may repeat.
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
      // Without a prediction, cells are empty, and null in JSON.
      const added = names.map((name, i): Field => {
        const value = values[i] ?? null;
        return [name, !isTwofold(value) ? value : isTable ? value.cell : value.json];
      });
      return writeRow([...ownFields(fields), ...added], options);
    },
  };
}

/** Returns a name that is not taken: `name`, or `name` with a number appended. */
function free(name: string, taken: readonly string[]): string {
  for (let i = 1;; i++) {
    const candidate = i === 1 ? name : `${name}_${i}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
