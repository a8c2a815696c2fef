/**
 * Tables as text: comma-separated after RFC 4180, tab-separated, or one JSON object a line.
 *
 * @module
 */
import type { DataFormat } from "./formats.ts";
import type { Field } from "./records.ts";

/** Settings of {@linkcode writeHeader} and {@linkcode writeRow}. */
export interface WriteOptions {
  /** The form. Default: `"csv"`. */
  format?: DataFormat;
  /** What ends a row. Default: a line feed. */
  newline?: "\n" | "\r\n";
}

/**
 * The header of a table; of JSON Lines, which have none, nothing.
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
 * A row of a table. `parseExamples` reads it back: what holds separators, quotes or newlines is
 * quoted. In CSV and TSV, null and undefined are empty, and arrays and objects are JSON.
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
    // Not an object's JSON: keys that are numbers would come first.
    const entries = fields.flatMap(([name, value]) => {
      const json = JSON.stringify(value);
      return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`];
    });
    return `{${entries.join(",")}}${newline}`;
  }
  const separator = format === "tsv" ? "\t" : ",";
  const cells = fields.map(([, value]) => quoted(textOf(value), separator));
  // A row that is blank would be skipped.
  if (cells.length === 1 && cells[0].trim() === "") return `"${cells[0]}"${newline}`;
  return cells.join(separator) + newline;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value) ?? "";
}

/** A cell, in quotes where it must be, or where blanks at its edges would be lost in other programs. */
function quoted(text: string, separator: string): string {
  const mustBe = text.includes(separator) || /["\r\n\ufeff]|^\s|\s$/.test(text);
  return mustBe ? `"${text.replaceAll('"', '""')}"` : text;
}
