/**
 * Writes predictions as a table, to a file or to standard output.
 *
 * @module
 */
import { type DataFormat, type Field, formatByName } from "@unroll/core";
import { forecastText as textOf } from "../output/forecast_rows.ts";
import { write } from "../output/terminal.ts";
import { saveFile } from "./saving.ts";

/** Where to write predictions, and in which format. */
export interface AnswerSettings {
  /** Path of the file; undefined for standard output. */
  out?: string;
  /** Whether to write JSON Lines. */
  json: boolean;
  /** The format that the user named. */
  format?: DataFormat;
}

/** Returns the format of a file name's extension, if it is one that can be written. */
export function formatOfOut(path: string): DataFormat | undefined {
  const format = formatByName(path);
  return format === "csv" || format === "tsv" || format === "jsonl" ? format : undefined;
}

/** Writes predictions to a file or standard output; returns false for CSV on a terminal. */
export async function writeAnswers(
  rows: readonly Field[][],
  { out, json, format }: AnswerSettings,
): Promise<boolean> {
  const options = { format: json ? "jsonl" : format ?? formatOfOut(out ?? "") ?? "csv" } as const;
  const text = textOf(rows, options);
  if (out !== undefined) {
    await saveFile(out, new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>);
  } else if (json || !Deno.stdout.isTerminal()) write(text);
  else return false;
  return true;
}
