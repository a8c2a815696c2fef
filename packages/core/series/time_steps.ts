/**
 * Time steps: the distance between consecutive times of a series.
 *
 * @module
 */

/** The distance between consecutive times. */
export interface TimeStep {
  /** The unit: milliseconds, calendar months, or plain numbers. */
  unit: "millisecond" | "month" | "number";
  /** The distance in that unit; the median for irregular times. */
  size: number;
  /** Whether the times are unevenly spaced, so that each row is a step, regardless of its time. */
  isIrregular?: boolean;
}

const UNITS: readonly [milliseconds: number, name: string][] = [
  [7 * 86_400_000, "week"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1000, "second"],
  [1, "millisecond"],
];

/**
 * Describes a time step in words.
 *
 * @example
 * ```ts
 * import { describeStep } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeStep({ unit: "millisecond", size: 900_000 }), "15 minutes");
 * assertEquals(describeStep({ unit: "month", size: 12 }), "1 year");
 * ```
 */
export function describeStep({ unit, size, isIrregular }: TimeStep): string {
  const about = isIrregular ? "about " : "";
  const counted = (count: number, name: string) =>
    `${about}${Number(count.toFixed(2))} ${name}${count === 1 ? "" : "s"}`;
  if (unit === "number") return `${about}${Number(size.toPrecision(6))}`;
  if (unit === "month") {
    return size % 12 === 0 ? counted(size / 12, "year") : counted(size, "month");
  }
  const [length, name] = UNITS.find(([length]) => size % length === 0) ??
    UNITS.find(([length]) => size >= length) ?? UNITS.at(-1)!;
  return counted(size / length, name);
}

/**
 * Returns the time some steps later. In months, the last day of one leads to the last of another.
 *
 * @example
 * ```ts
 * import { timeAfter } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const may = timeAfter(Date.UTC(2024, 0, 31), 4, { unit: "month", size: 1 });
 * assertEquals(new Date(may).toISOString(), "2024-05-31T00:00:00.000Z");
 * ```
 */
export function timeAfter(time: number, steps: number, { unit, size }: TimeStep): number {
  if (unit !== "month") return time + steps * size;
  const date = new Date(time), months = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const to = months + steps * size, year = Math.floor(to / 12), month = to - 12 * year;
  const days = new Date(dayOf(year, month + 1, 0)).getUTCDate();
  const isLast = date.getUTCDate() === new Date(
    dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1, 0),
  ).getUTCDate();
  // From the end of a month to the end of another, however long it is.
  const day = isLast && date.getUTCDate() >= 28 ? days : Math.min(days, date.getUTCDate());
  const start = Math.floor(time / DAY) * DAY;
  return dayOf(year, month, day) + (time - start);
}

const DAY = 86_400_000; // milliseconds

/** Returns the midnight (UTC) of a day, also in years before 100; `month` counts from 0. */
export function dayOf(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month, day));
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

/** Returns the whole months between two times; undefined if their days or clock times differ. */
function monthsBetween(from: number, to: number): number | undefined {
  const a = new Date(from), b = new Date(to);
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return months !== 0 && timeAfter(from, months, { unit: "month", size: 1 }) === to
    ? months
    : undefined;
}

/** Returns the number of steps between two times: a fraction, or NaN, if they are off the grid. */
export function stepsBetween(from: number, to: number, { unit, size }: TimeStep): number {
  if (unit !== "month") return (to - from) / size;
  return (monthsBetween(from, to) ?? NaN) / size;
}

const SLACK = 0.02; // of a step: tolerance for rounded times
const MAX_ODD = 0.01, MAX_GAPS = 0.05; // fractions of the steps; above either, times are irregular

/** Returns whether a number of steps is whole, up to rounding. */
export function isWhole(steps: number): boolean {
  return Math.abs(steps - Math.round(steps)) <= SLACK;
}

/**
 * Finds the step of increasing times: the most frequent difference, in months if that fits. The
 * step is irregular if more than 1% of the differences are not multiples of it, or more than 5% are
 * gaps, as with business days.
 *
 * @param parts The times of each series.
 * @param unit The unit of the times.
 * @returns Undefined if no series has two times.
 */
export function findStep(
  parts: readonly ArrayLike<number>[],
  unit: "millisecond" | "number",
): TimeStep | undefined {
  const differences: number[] = [];
  for (const times of parts) {
    for (let i = 1; i < times.length; i++) differences.push(times[i] - times[i - 1]);
  }
  if (differences.length === 0) return undefined;
  const months = unit === "millisecond" ? monthStep(parts) : undefined;
  const step = months ?? { unit, size: mostFrequent(differences) };
  let odd = 0, gaps = 0;
  for (const times of parts) {
    for (let i = 1; i < times.length; i++) {
      const steps = stepsBetween(times[i - 1], times[i], step);
      if (!isWhole(steps)) odd++;
      else if (Math.round(steps) > 1) gaps++;
    }
  }
  const { length } = differences;
  if (odd <= MAX_ODD * length && gaps <= Math.max(1, MAX_GAPS * length)) return step;
  const sorted = differences.sort((a, b) => a - b);
  return { unit, size: sorted[length >> 1], isIrregular: true };
}

/** Returns a step in months, if all times are at the same day and time of their months. */
function monthStep(parts: readonly ArrayLike<number>[]): TimeStep | undefined {
  const counts: number[] = [];
  for (const times of parts) {
    for (let i = 1; i < times.length; i++) {
      if (times[i] - times[i - 1] < 28 * DAY) return undefined;
      const months = monthsBetween(times[i - 1], times[i]);
      if (months === undefined) return undefined;
      counts.push(months);
    }
  }
  return { unit: "month", size: mostFrequent(counts) };
}

/** Returns the most frequent number; the smallest one in case of a tie. */
function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  // Differences of fractions such as 0.1 agree to about ten digits.
  for (const each of numbers) {
    const key = Number(each.toPrecision(10));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let best = Infinity, most = 0;
  for (const [each, count] of counts) {
    if (count > most || count === most && each < best) [best, most] = [each, count];
  }
  return best;
}

/** The declarations of this file that exported modules include. */
export const timeStepSource = () => ({
  timeAfter,
  dayOf,
  DAY,
});
