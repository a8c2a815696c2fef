/**
 * Answers as a table: in a file, or on standard output.
 *
 * @module
 */
import { type DataFormat, type Field, formatByName } from "@unroll/core";
import { forecastText as textOf } from "../output/forecast_rows.ts";
import { write } from "../output/terminal.ts";
import { saveFile } from "./saving.ts";

/** Where answers go, and in what form. */
export interface AnswerSettings {
  /** The file; without it, standard output. */
  out?: string;
  /** Whether they are JSON Lines. */
  json: boolean;
  /** The form that was named. */
  format?: DataFormat;
}

/** The form that the name of a file promises, of those that are written. */
export function formatOfOut(path: string): DataFormat | undefined {
  const format = formatByName(path);
  return format === "csv" || format === "tsv" || format === "jsonl" ? format : undefined;
}

/** Saves answers, or writes them where nobody watches; gives whether it did either. */
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
