/**
 * Parses dates: days, times of day, months by name, and ISO 8601 weeks.
 *
 * @module
 */
import { dayOf } from "./time_steps.ts";

const HOUR = 3_600_000, MINUTE = 60_000; // milliseconds

/** A pattern of the optional time of day after a date, and its optional time zone. */
export const CLOCK = String.raw`(?:[T ,]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([ap]m)?` +
  String.raw`\s*(Z|UTC|[-+]\d\d(?::?\d\d)?)?)?`;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const NAME = "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|" +
  "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,? +)?";
// 31 Jan 2024, 31-Jan-24
const DAY_NAME = new RegExp(
  String.raw`^${WEEKDAY}(\d\d?)(?:st|nd|rd|th)?\.?[ /-]*${NAME}[ ,/-]*(\d{4}|\d\d)${CLOCK}$`,
  "i",
);
// January 31, 2024
const NAME_DAY = new RegExp(
  String.raw`^${WEEKDAY}${NAME}[ -]*(\d\d?)(?:st|nd|rd|th)?(?:, *| +)(\d{4})${CLOCK}$`,
  "i",
);
const NAME_YEAR = new RegExp(String.raw`^${NAME}[ ,/-]*(\d{4})$`, "i"); // Jan 2024
/** Returns the milliseconds since 1970 (UTC) at a day's start; undefined for an invalid date. */
export function midnight(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined;
  const time = dayOf(year, month - 1, day);
  return new Date(time).getUTCDate() === day ? time : undefined;
}

/** Returns the milliseconds from midnight UTC to a clock time; undefined for an invalid time. */
function clockOf(found: readonly (string | undefined)[]): number | undefined {
  const [hours, minutes = "0", seconds = "0", fraction = "", half, zone] = found;
  if (hours === undefined) return 0;
  let hour = Number(hours);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = hour % 12 + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 60) return undefined;
  const sign = /^[-+](\d\d):?(\d\d)?$/.exec(zone ?? "");
  const offset = sign
    ? (Number(sign[1]) * HOUR + Number(sign[2] ?? 0) * MINUTE) * (zone![0] === "-" ? -1 : 1)
    : 0;
  return hour * HOUR + Number(minutes) * MINUTE + Number(seconds) * 1000 +
    (fraction ? Math.round(Number(`0.${fraction}`) * 1000) : 0) - offset;
}

/** Adds a clock time to a day's midnight; undefined if either is invalid. */
export function withClock(day: number | undefined, clock: readonly (string | undefined)[]) {
  const added = clockOf(clock);
  return day === undefined || added === undefined ? undefined : day + added;
}

/** Parses a year; two digits stand for 1970 to 2069. */
export function wholeYear(text: string): number {
  if (text.length > 2) return Number(text);
  return Number(text) + (Number(text) < 70 ? 2000 : 1900);
}

function monthNamed(text: string): number {
  return 1 + MONTHS.indexOf(text.slice(0, 3).toLowerCase());
}

/** Parses a date with the English name of its month; undefined for other texts. */
export function namedDate(text: string): number | undefined {
  const [, day, month, year, ...clock] = DAY_NAME.exec(text) ?? [];
  if (day) return withClock(midnight(wholeYear(year), monthNamed(month), Number(day)), clock);
  const [, name, second, whole, ...rest] = NAME_DAY.exec(text) ?? [];
  if (name) return withClock(midnight(Number(whole), monthNamed(name), Number(second)), rest);
  const [, alone, its] = NAME_YEAR.exec(text) ?? [];
  return alone === undefined ? undefined : midnight(Number(its), monthNamed(alone), 1);
}

/** Returns the midnight of a day of an ISO 8601 week (week 1 has January 4); day 1 is Monday. */
export function ofWeek(year: number, week: number, day: number): number | undefined {
  const fourth = dayOf(year, 0, 4), weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  const time = fourth + (7 * (week - 1) + day - 1 - weekday) * 24 * HOUR;
  const thursday = new Date(time + (4 - day) * 24 * HOUR);
  return week > 0 && thursday.getUTCFullYear() === year ? time : undefined;
}
