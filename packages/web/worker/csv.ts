/**
 * Examples as a CSV file.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";

/** A header and a row for each example, as `parseExamples` reads them. */
export function toCsv(
  examples: readonly Example[],
  columns: readonly [text: string, label: string] = ["text", "label"],
): string {
  return csvRow(columns) + examples.map(({ text, label = "" }) => csvRow([text, label])).join("");
}

/** A row of a file; numbers stand as they are. */
export function csvRow(fields: readonly (string | number)[]): string {
  return `${fields.map((each) => typeof each === "number" ? each : field(each)).join(",")}\n`;
}

/** A text as a spreadsheet shows it: with an apostrophe before what it would run as a formula. */
export function inert(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function field(text: string): string {
  const safe = inert(text);
  const needsQuotes = safe !== text || /[",\r\n]/.test(text) || text.trim() === "";
  return needsQuotes ? `"${safe.replaceAll('"', '""')}"` : safe;
}
