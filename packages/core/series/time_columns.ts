/**
 * Which column of a table holds its times.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { findTimeForm, type TimeForm } from "./times.ts";

const TIMES =
  /^(?:date|time|datetime|date_?time|timestamp|month|year|day|period|ds|t|step|datum)$/i;
// What may be a number of something else, where the column is not named for times.
const NUMERIC: readonly (TimeForm | undefined)[] = [
  ...["year", "number", "compact", "seconds", "milliseconds", "microseconds"] as const,
  ...["nanoseconds", undefined] as const,
];
const PARTS = /^(?:month|year|day)$/i; // which may come again

/**
 * A column of times: one that is named so and holds such, or else the first that holds dates. Numbers
 * of a month or a day are times only where they rise, or start again in each series.
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

/** The first of some texts that is no time; of such that are times, each in another form, the first. */
export function oddTime(texts: readonly string[]): string {
  const known = texts.filter((text) => text.trim() !== "");
  return known.find((text) => findTimeForm([text]) === undefined) ?? known[0] ?? "";
}

/** What to say where no column holds times, though one is named so. */
export function unreadTimes(names: readonly string[], texts: (name: string) => string[]): string[] {
  const name = names.find((name) => TIMES.test(name));
  if (name === undefined) return [];
  const known = texts(name).filter((text) => text.trim() !== "");
  const problem = known.length === 0
    ? "is empty"
    : findTimeForm(known.slice(0, 50)) === undefined
    ? `holds no times that can be read, such as ${quote(oddTime(known))}`
    : "does not rise from row to row";
  return [
    `Rows are read as steps without times: ${quote(name)} ${problem}. Write times in one column, ` +
    "such as 2024-01-31 13:00 or 2024-01.",
  ];
}
