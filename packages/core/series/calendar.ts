/**
 * The time of day, of the week and of the year as numbers that a network reads.
 *
 * @module
 */
import type { TimeStep } from "./time_steps.ts";

/** Columns made of times. */
export interface CalendarFeatures {
  /** Their names, such as `hour_sin`. */
  columns: string[];
  /** A number for each time. */
  values: Float64Array[];
}

const HOUR = 3_600_000, DAY = 24 * HOUR; // milliseconds
const MONTH = 30 * DAY; // about

interface Cycle {
  name: string;
  /** What a step must be shorter than, or equal to, in milliseconds. */
  longest: number;
  /** What it must be no shorter than, as a longer cycle says it all. Default: any. */
  shortest?: number;
  /** How much of the cycle is over, from 0 to below 1. */
  phase(time: Date): number;
}

const CYCLES: readonly Cycle[] = [
  { name: "hour", longest: DAY / 2, phase: (time) => (time.getTime() - startOfDay(time)) / DAY },
  { name: "weekday", longest: DAY, phase: (time) => (time.getUTCDay() + 6) % 7 / 7 },
  { name: "day_of_year", longest: 7 * DAY, phase: ofYear },
  {
    name: "month",
    longest: 6 * MONTH,
    shortest: 8 * DAY,
    phase: (time) => time.getUTCMonth() / 12,
  },
];

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / DAY) * DAY;
}

function ofYear(time: Date): number {
  const year = time.getUTCFullYear(), start = Date.UTC(year, 0, 1);
  return (startOfDay(time) - start) / (Date.UTC(year + 1, 0, 1) - start);
}

/** The cycles that steps of a length tell apart. */
function cyclesOf(step: TimeStep): readonly Cycle[] {
  const length = step.unit === "month" ? step.size * MONTH : step.size;
  return CYCLES.filter(({ longest, shortest = 0 }) => length <= longest && length >= shortest);
}

/** The names of the columns that {@linkcode calendarFeatures} makes for such steps. */
export function calendarColumns(step: TimeStep): string[] {
  if (step.unit === "number") return [];
  return cyclesOf(step).flatMap(({ name }) => [`${name}_sin`, `${name}_cos`]);
}

/**
 * Hour, weekday, day of the year and month as sine and cosine, so that the end of a cycle is near
 * its beginning. Only those that steps of this length tell apart: of days no hour, of months the
 * month alone.
 *
 * @param time Milliseconds since 1970 (UTC).
 *
 * @example
 * ```ts
 * import { calendarFeatures } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { columns, values } = calendarFeatures(
 *   Float64Array.of(Date.UTC(2024, 0, 1), Date.UTC(2024, 3, 1)),
 *   { unit: "month", size: 1 },
 * );
 * assertEquals(columns, ["month_sin", "month_cos"]);
 * assertEquals(values[0], Float64Array.of(0, 1));
 * ```
 */
export function calendarFeatures(time: Float64Array, step: TimeStep): CalendarFeatures {
  const columns = calendarColumns(step);
  const cycles = columns.length > 0 ? cyclesOf(step) : [];
  const values = cycles.flatMap(({ phase }) => {
    const angles = time.map((each) => 2 * Math.PI * phase(new Date(each)));
    return [angles.map(Math.sin), angles.map(Math.cos)];
  });
  return { columns, values };
}

/** The declarations of this file, for modules that are written with them in. */
export const calendarSource = () => ({
  calendarFeatures,
  calendarColumns,
  cyclesOf,
  startOfDay,
  ofYear,
  CYCLES,
  DAY,
  MONTH,
});
