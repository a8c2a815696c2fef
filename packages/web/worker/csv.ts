/**
 * Examples as a CSV file.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";

/** Writes a header and a row for each example, in the form that `parseExamples` reads. */
export function toCsv(
  examples: readonly Example[],
  columns: readonly [text: string, label: string] = ["text", "label"],
): string {
  return csvRow(columns) + examples.map(({ text, label = "" }) => csvRow([text, label])).join("");
}

/** Writes a row of a CSV file; numbers are never quoted. */
export function csvRow(fields: readonly (string | number)[]): string {
  return `${fields.map((each) => typeof each === "number" ? each : field(each)).join(",")}\n`;
}

/** Puts an apostrophe before a text that a spreadsheet would run as a formula. */
export function inert(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function field(text: string): string {
  const safe = inert(text);
  const needsQuotes = safe !== text || /[",\r\n]/.test(text) || text.trim() === "";
  return needsQuotes ? `"${safe.replaceAll('"', '""')}"` : safe;
}
