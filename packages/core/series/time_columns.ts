/**
 * Detects the time column of a table.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { findTimeForm, type TimeForm } from "./times.ts";

const TIMES =
  /^(?:date|time|datetime|date_?time|timestamp|month|year|day|period|ds|t|step|datum)$/i;
// Formats that may be other numbers, unless the column's name says that it holds times.
const NUMERIC: readonly (TimeForm | undefined)[] = [
  ...["year", "number", "compact", "seconds", "milliseconds", "microseconds"] as const,
  ...["nanoseconds", undefined] as const,
];
const PARTS = /^(?:month|year|day)$/i; // whose numbers may repeat

/**
 * Detects the time column: one whose name and values are those of times, or else the first that
 * holds dates. Numbers in a column such as `month` or `day` are times only if they increase or
 * decrease throughout, or if there are several series.
 *
 * @param areSeveral Whether the rows are those of several series.
 */
export function guessTime(
  names: readonly string[],
  texts: (name: string) => string[],
  areSeveral: boolean,
): string | undefined {
  const forms = new Map(names.map((name) => [name, findTimeForm(texts(name).slice(0, 50))?.form]));
  const isTime = (name: string) => {
    const form = forms.get(name);
    if (!PARTS.test(name) || form !== "number" && form !== "year") return form !== undefined;
    const numbers = texts(name).filter((text) => text.trim() !== "").map(Number);
    return areSeveral || numbers.every((each, i) => i === 0 || each > numbers[i - 1]) ||
      numbers.every((each, i) => i === 0 || each < numbers[i - 1]);
  };
  return names.find((name) => TIMES.test(name) && isTime(name)) ??
    names.find((name) => !NUMERIC.includes(forms.get(name)));
}

/** Returns the first text that is not a time; if all are, in different formats, the first text. */
export function oddTime(texts: readonly string[]): string {
  const known = texts.filter((text) => text.trim() !== "");
  return known.find((text) => findTimeForm([text]) === undefined) ?? known[0] ?? "";
}

/** Explains why a column that is named for times was not read as times. */
export function unreadTimes(names: readonly string[], texts: (name: string) => string[]): string[] {
  const name = names.find((name) => TIMES.test(name));
  if (name === undefined) return [];
  const known = texts(name).filter((text) => text.trim() !== "");
  const problem = known.length === 0
    ? "is empty"
    : findTimeForm(known.slice(0, 50)) === undefined
    ? `does not hold readable times, for example ${quote(oddTime(known))}`
    : "does not increase from row to row";
  return [
    `Rows are read as steps without times: ${quote(name)} ${problem}. Write times in one column, ` +
    "such as 2024-01-31 13:00 or 2024-01.",
  ];
}
