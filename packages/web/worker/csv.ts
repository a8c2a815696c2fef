/**
 * Examples as a CSV file.
 *
 * @module
 */
import type { Example } from "@unroll/core";

/** A header and a row for each example, as `parseExamples` reads them. */
export function toCsv(examples: readonly Example[]): string {
  const rows = examples.map(({ text, label }) => `${field(text)},${field(label)}\n`);
  return `text,label\n${rows.join("")}`;
}

function field(text: string): string {
  return /[",\r\n]/.test(text) || text.trim() === "" ? `"${text.replaceAll('"', '""')}"` : text;
}
