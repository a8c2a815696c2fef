/**
 * How far apart the steps of a series are.
 *
 * @module
 */

/** The time from a step to the next. */
export interface TimeStep {
  /** What it is counted in: milliseconds, months of any length, or plain numbers. */
  unit: "millisecond" | "month" | "number";
  /** How many of them; of irregular times the median. */
  size: number;
  /** Whether the times follow no rule, so that each row is a step, whatever its time. */
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
 * A step in words.
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
 * The time some steps after another.
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
  // The end of a month is followed by the end of the next, however long it is.
  const day = isLast && date.getUTCDate() >= 28 ? days : Math.min(days, date.getUTCDate());
  const start = Math.floor(time / DAY) * DAY;
  return dayOf(year, month, day) + (time - start);
}

const DAY = 86_400_000; // milliseconds

/** Midnight of a day, of years before 100 too. */
export function dayOf(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month, day));
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

/** How many months lie between two times, where both stand alike in theirs. */
function monthsBetween(from: number, to: number): number | undefined {
  const a = new Date(from), b = new Date(to);
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return months !== 0 && timeAfter(from, months, { unit: "month", size: 1 }) === to
    ? months
    : undefined;
}

/** How many steps lie between two times; no whole number where they are off the rule. */
export function stepsBetween(from: number, to: number, { unit, size }: TimeStep): number {
  if (unit !== "month") return (to - from) / size;
  return (monthsBetween(from, to) ?? NaN) / size;
}

const SLACK = 0.02; // of a step: rounding of the times
const MAX_ODD = 0.01, MAX_GAPS = 0.05; // fractions of the steps, past which there is no rule

/** Whether a number of steps is whole, as far as rounding goes. */
export function isWhole(steps: number): boolean {
  return Math.abs(steps - Math.round(steps)) <= SLACK;
}

/**
 * The step of some times that rise: the most frequent difference, in months where that fits. It is
 * irregular where one step in a hundred is no multiple of it, or one in twenty a gap, as of business
 * days.
 *
 * @param parts The times of each series.
 * @param unit Whether they are milliseconds or plain numbers.
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

/** Months, where each time stands in its month as the one before does. */
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

/** The most frequent of some numbers; of several the smallest. */
function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  // Differences of fractions such as 0.1 are alike to some ten digits.
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

/** The declarations of this file, for modules that are written with them in. */
export const timeStepSource = () => ({
  timeAfter,
  dayOf,
  DAY,
});
