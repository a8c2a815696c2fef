/**
 * Parses and formats times as people write them.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { CLOCK, midnight, namedDate, ofWeek, wholeYear, withClock } from "./dates.ts";
import { findStep, stepsBetween } from "./time_steps.ts";

/** How the times of a column are written. */
export type TimeForm =
  | "iso"
  | "month"
  | "year"
  | "quarter"
  | "week"
  | "named month"
  | "compact"
  | "day.month.year"
  | "day/month/year"
  | "month/day/year"
  | "seconds"
  | "milliseconds"
  | "microseconds"
  | "nanoseconds"
  | "number";

/** How the first values of a time column are written. */
export interface TimeColumn {
  /** The format of the times. */
  form: TimeForm;
  /** Whether day and month could be swapped, and nothing shows which is which. */
  isAmbiguous: boolean;
}

const ISO = new RegExp(String.raw`^(\d{4})[-/.](\d\d?)[-/.](\d\d?)${CLOCK}$`, "i");
const MONTH = /^(\d{4})[-/](\d\d?)$/;
const YEAR = /^\d{4}$/;
const QUARTER = /^(?:(\d{4})[ /-]?Q([1-4])|Q([1-4])[ /-]?(\d{4}))$/i;
const WEEK = /^(\d{4})-?W(\d\d)(?:-?([1-7]))?$/i; // ISO 8601
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)?$/;
const DOTS = new RegExp(String.raw`^(\d\d?)\.\s?(\d\d?)\.\s?(\d{4}|\d\d)${CLOCK}$`, "i");
const SLASHES = new RegExp(String.raw`^(\d\d?)[/-](\d\d?)[/-](\d{4}|\d\d)${CLOCK}$`, "i");
const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;

function dated(pattern: RegExp, text: string, isDayFirst: boolean): number | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, first, second, year, ...clock] = found;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  return withClock(midnight(wholeYear(year), Number(month), Number(day)), clock);
}

function numbered(text: string, isIn: (value: number) => boolean, factor: number) {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  return isIn(Math.abs(value)) ? value * factor : undefined;
}

const READERS: Record<TimeForm, (text: string) => number | undefined> = {
  iso(text) {
    const found = ISO.exec(text);
    if (!found) return undefined;
    const [, year, month, day, ...clock] = found;
    return withClock(midnight(Number(year), Number(month), Number(day)), clock);
  },
  month(text) {
    const found = MONTH.exec(text);
    return found ? midnight(Number(found[1]), Number(found[2]), 1) : undefined;
  },
  year: (text) => YEAR.test(text) ? midnight(Number(text), 1, 1) : undefined,
  quarter(text) {
    const [, year, quarter, other, its] = QUARTER.exec(text) ?? [];
    const number = Number(quarter ?? other);
    return number ? midnight(Number(year ?? its), 3 * number - 2, 1) : undefined;
  },
  week(text) {
    const found = WEEK.exec(text);
    return found ? ofWeek(Number(found[1]), Number(found[2]), Number(found[3] ?? 1)) : undefined;
  },
  "named month": namedDate,
  compact(text) {
    const found = COMPACT.exec(text);
    return found ? midnight(Number(found[1]), Number(found[2]), Number(found[3] ?? 1)) : undefined;
  },
  "day.month.year": (text) => dated(DOTS, text, true),
  "day/month/year": (text) => dated(SLASHES, text, true),
  "month/day/year": (text) => dated(SLASHES, text, false),
  // 1973 to 2286; smaller numbers count steps.
  seconds: (text) => numbered(text, (value) => value >= 1e8 && value < 1e10, 1000),
  milliseconds: (text) => numbered(text, (value) => value >= 1e11 && value < 1e13, 1),
  microseconds: (text) => numbered(text, (value) => value >= 1e14 && value < 1e16, 1e-3),
  nanoseconds: (text) => numbered(text, (value) => value >= 1e17 && value < 1e19, 1e-6),
  number: (text) => numbered(text, Number.isFinite, 1),
};

/**
 * Parses a time in a format. Returns milliseconds since 1970, in UTC unless the text has a time
 * zone; for the format `number`, the number itself; undefined if the text has another format.
 */
export function parseTime(text: string, form: TimeForm): number | undefined {
  return READERS[form](text.trim());
}

const FORMS = Object.keys(READERS) as TimeForm[];
const MIN_FIT = 0.9; // the fraction of the first values that must be times
const YEARS = [1700, 2200]; // other four-digit numbers count steps

/**
 * Detects the format of a column's times from its first values; undefined if they are not times.
 * Whether the day or the month comes first follows from a number above 12, or else from which order
 * makes the times evenly spaced.
 *
 * @param isDayFirst Whether days come before months in dates with slashes. Default: detected.
 */
export function findTimeForm(
  values: readonly string[],
  isDayFirst?: boolean,
): TimeColumn | undefined {
  const known = values.filter((value) => value.trim() !== "");
  if (known.length === 0) return undefined;
  const fits = (form: TimeForm) =>
    known.filter((value) => parseTime(value, form) !== undefined).length >= MIN_FIT * known.length;
  const fitting = FORMS.filter((form) =>
    fits(form) && (form !== "year" || known.every((value) => isYear(Number(value))))
  );
  const slashes = ["month/day/year", "day/month/year"] as const;
  const [form] = fitting;
  if (form === undefined) return undefined;
  if (form !== slashes[0] && form !== slashes[1]) return { form, isAmbiguous: false };
  if (isDayFirst !== undefined) return { form: slashes[isDayFirst ? 1 : 0], isAmbiguous: false };
  if (!slashes.every((each) => fitting.includes(each))) return { form, isAmbiguous: false };
  const counts = slashes.map((each) =>
    known.filter((value) => parseTime(value, each) !== undefined).length
  );
  if (counts[0] !== counts[1]) {
    return { form: slashes[counts[0] > counts[1] ? 0 : 1], isAmbiguous: false };
  }
  const even = slashes.filter((each) => isEven(known, each));
  return even.length === 1
    ? { form: even[0], isAmbiguous: false }
    : { form: slashes[0], isAmbiguous: true };
}

function isYear(value: number): boolean {
  return value >= YEARS[0] && value <= YEARS[1];
}

/** Returns whether times increase or decrease by one constant step. */
function isEven(values: readonly string[], form: TimeForm): boolean {
  const times = values.map((value) => parseTime(value, form)).filter((time) => time !== undefined)
    .filter((time, i, all) => time !== all[i - 1]);
  if (times[0] > times.at(-1)!) times.reverse();
  if (times.length < 3 || times.some((time, i) => time <= times[i - 1])) return false;
  const step = findStep([times], "millisecond")!;
  return times.every((time, i) => i === 0 || stepsBetween(times[i - 1], time, step) === 1);
}

/**
 * Creates a parser for times that arrive one at a time. The first date settles the format. The
 * parser returns milliseconds since 1970, in UTC unless the text has a time zone, or undefined if a
 * text is not a date in that format.
 *
 * @param isDayFirst Whether days come before months in dates with slashes. Default: only if the
 *   first date is not valid otherwise.
 *
 * @example
 * ```ts
 * import { timeReader } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const read = timeReader();
 * assertEquals([read("31.1.2024"), read("soon")], [Date.UTC(2024, 0, 31), undefined]);
 * ```
 */
export function timeReader(isDayFirst?: boolean): (text: string) => number | undefined {
  let form: TimeForm | undefined;
  return (text) => {
    form ??= findTimeForm([text], isDayFirst)?.form;
    if (form === "number") form = undefined;
    return form && parseTime(text, form);
  };
}

/** An example of each format, for messages. */
const EXAMPLES: Record<TimeForm, string> = {
  iso: "2024-01-31 13:00",
  month: "2024-01",
  year: "2024",
  quarter: "2024Q1",
  week: "2024-W05",
  "named month": "31 Jan 2024",
  compact: "20240131",
  "day.month.year": "31.01.2024",
  "day/month/year": "31/01/2024",
  "month/day/year": "01/31/2024",
  seconds: "1706706000",
  milliseconds: "1706706000000",
  microseconds: "1706706000000000",
  nanoseconds: "1706706000000000000",
  number: "12",
};

/** Describes a time format in words. */
export function describeTimeForm(form: TimeForm): string {
  const names: Partial<Record<TimeForm, string>> = {
    iso: "dates",
    month: "months",
    year: "years",
    quarter: "quarters",
    week: "weeks",
    "named month": "dates",
    compact: "dates",
    seconds: "Unix seconds",
    milliseconds: "Unix milliseconds",
    microseconds: "Unix microseconds",
    nanoseconds: "Unix nanoseconds",
    number: "step numbers",
  };
  return names[form] ?? form;
}

/** Explains why a text is not a time in a format, and how to correct it. */
export function timeProblem(text: string, form: TimeForm): string {
  if (text.trim() === "") return "the time is missing; give each row one";
  const isTurned = form.includes("/") &&
    (["day/month/year", "month/day/year"] as const).some((each) =>
      parseTime(text, each) !== undefined
    );
  const cure = isTurned
    ? `set whether days come first (--day-first ${form === "day/month/year" ? "no" : "yes"})`
    : "correct it";
  return `${quote(text)} is not a time such as ${EXAMPLES[form]}, as the others are; ${cure}`;
}

/**
 * Formats a time (milliseconds since 1970) in UTC, without a time of day at midnight and without
 * seconds that are zero.
 *
 * @example
 * ```ts
 * import { formatTime } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatTime(0), "1970-01-01");
 * assertEquals(formatTime(3_600_000), "1970-01-01 01:00");
 * ```
 */
export function formatTime(time: number): string {
  const text = new Date(time).toISOString(), [day, clock] = text.slice(0, -1).split("T");
  if (clock === "00:00:00.000") return day;
  return `${day} ${clock.replace(/(:00)?\.000$/, "")}`;
}
