/**
 * Calendar features: hour, weekday, day of the year and month as inputs of a network.
 *
 * @module
 */
import type { TimeStep } from "./time_steps.ts";

/** Columns computed from times. */
export interface CalendarFeatures {
  /** The names of the columns, such as `hour_sin`. */
  columns: string[];
  /** The values of each column, one for each time. */
  values: Float64Array[];
}

const HOUR = 3_600_000, DAY = 24 * HOUR; // milliseconds
const MONTH = 30 * DAY; // roughly

interface Cycle {
  name: string;
  /** The longest step that resolves the cycle, in milliseconds. */
  longest: number;
  /** The shortest step that needs it, in milliseconds, as a longer cycle covers it. Default: 0. */
  shortest?: number;
  /** Returns the elapsed fraction of the cycle, at least 0 and below 1. */
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

/** Returns the cycles that steps of this length resolve. */
function cyclesOf(step: TimeStep): readonly Cycle[] {
  const length = step.unit === "month" ? step.size * MONTH : step.size;
  return CYCLES.filter(({ longest, shortest = 0 }) => length <= longest && length >= shortest);
}

/** Returns the names of the columns that {@linkcode calendarFeatures} computes for such steps. */
export function calendarColumns(step: TimeStep): string[] {
  if (step.unit === "number") return [];
  return cyclesOf(step).flatMap(({ name }) => [`${name}_sin`, `${name}_cos`]);
}

/**
 * Computes the hour, weekday, day of the year and month of each time as a sine and a cosine, so
 * that the end of a cycle is near its beginning. Cycles that steps of this length do not resolve
 * are omitted: days have no hour, and months only have the month. None if the step is a plain
 * number.
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

/** The declarations of this file that exported modules include. */
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
