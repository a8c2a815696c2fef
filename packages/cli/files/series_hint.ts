/**
 * Detects files of dates and numbers, which are series rather than labeled texts.
 *
 * @module
 */
import { shellWord } from "../output/terminal.ts";

// 2024-01, 2024-01-31, 31.1.2024 or 1/31/24, optionally followed by a time of day.
const DATE = /^(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ].*)?$/;
const NUMBER = /^[-+]?(\d+([.,]\d+)*|[.,]\d+)(e[-+]?\d+)?$/i;

/** Returns whether a text is a date, with or without a time of day. */
export function isDate(text: string): boolean {
  return DATE.test(text.trim());
}

/** Returns whether a text is a number. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text.trim());
}

const ROWS = 20; // rows to examine

/** Returns a hint how to train on a table of series, from its start; undefined for other tables. */
export function seriesHint(beginning: string): string | undefined {
  const lines = beginning.split(/\r?\n/).slice(0, ROWS + 1).filter((line) => line !== "");
  const separator = [",", ";", "\t", "|"].find((mark) => lines[0]?.includes(mark));
  if (separator === undefined) return undefined;
  const cells = lines.map((line) =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"))
  );
  const [names, ...all] = cells;
  const rows = all.filter(({ length }) => length === names.length); // the last may be incomplete
  if (rows.length < 2 || names.some(isNumber)) return undefined;
  const columns = (fits: (cell: string) => boolean) =>
    names.filter((_, i) => rows.every((row) => row[i] === "" || fits(row[i])));
  const dates = columns(isDate), numbers = columns(isNumber);
  if (dates.length > 0 && numbers.length > 0) {
    return `to forecast numbers, give --task forecast --target ${shellWord(numbers[0])}`;
  }
  const hasLabel = names.some((name) => name.toLowerCase() === "label");
  return hasLabel && numbers.length >= 3
    ? "to label series of numbers, give --task series-classification"
    : undefined;
}
