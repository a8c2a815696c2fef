/**
 * Examples as a CSV file.
 *
 * @module
 */
import type { Example } from "@unroll/core";

/** A header and a row for each example, as `parseExamples` reads them. */
export function toCsv(
  examples: readonly Example[],
  columns: readonly [text: string, label: string] = ["text", "label"],
): string {
  const rows = examples.map(({ text, label }) => `${field(text)},${field(label)}\n`);
  return `${columns.join(",")}\n${rows.join("")}`;
}

function field(text: string): string {
  return /[",\r\n]/.test(text) || text.trim() === "" ? `"${text.replaceAll('"', '""')}"` : text;
}
