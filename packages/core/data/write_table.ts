/**
 * Writes tables as text: CSV (RFC 4180), TSV, or JSON Lines.
 *
 * @module
 */
import type { DataFormat } from "./formats.ts";
import type { Field } from "./records.ts";

/** Settings of {@linkcode writeHeader} and {@linkcode writeRow}. */
export interface WriteOptions {
  /** The format. Default: `"csv"`. */
  format?: DataFormat;
  /** The line break after each row. Default: a line feed. */
  newline?: "\n" | "\r\n";
}

/**
 * Returns the header row of a table; an empty string for JSON Lines, which has no header.
 *
 * @example
 * ```ts
 * import { writeHeader } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writeHeader(["text", "label"]), "text,label\n");
 * ```
 */
export function writeHeader(columns: readonly string[], options: WriteOptions = {}): string {
  return options.format === "jsonl" ? "" : writeRow(columns.map((name) => ["", name]), options);
}

/**
 * Returns a row of a table, which `parseExamples` reads back: fields with separators, quotes or
 * line breaks are quoted. In CSV and TSV, null and undefined become empty fields, and arrays and
 * objects become JSON.
 *
 * @example
 * ```ts
 * import { writeRow } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const fields = [["text", 'good, "very" good'], ["stars", 5]] as const;
 * assertEquals(writeRow(fields), '"good, ""very"" good",5\n');
 * assertEquals(
 *   writeRow(fields, { format: "jsonl" }),
 *   '{"text":"good, \\"very\\" good","stars":5}\n',
 * );
 * ```
 */
export function writeRow(fields: readonly Field[], options: WriteOptions = {}): string {
  const { format = "csv", newline = "\n" } = options;
  if (format === "jsonl") {
    // Written key by key, since an object would move integer keys to the front.
    const entries = fields.flatMap(([name, value]) => {
      const json = JSON.stringify(value);
      return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`];
    });
    return `{${entries.join(",")}}${newline}`;
  }
  const separator = format === "tsv" ? "\t" : ",";
  const cells = fields.map(([, value]) => quoted(textOf(value), separator));
  // Quoted, since readers skip blank rows.
  if (cells.length === 1 && cells[0].trim() === "") return `"${cells[0]}"${newline}`;
  return cells.join(separator) + newline;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value) ?? "";
}

/** Quotes a cell if it must be quoted, or if other programs would trim whitespace at its ends. */
function quoted(text: string, separator: string): string {
  const mustBe = text.includes(separator) || /["\r\n\ufeff]|^\s|\s$/.test(text);
  return mustBe ? `"${text.replaceAll('"', '""')}"` : text;
}
