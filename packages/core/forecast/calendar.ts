/**
 * What a clock and a calendar say of a time, each as a point on a circle: 23:00 is near midnight.
 *
 * @module
 */

/** A cycle of the calendar. */
export type CalendarFeature = "hour" | "weekday" | "year";

const DAY = 86_400_000; // milliseconds
const THURSDAY = 3; // the first of January 1970, with Monday 0
const YEAR = 365.2425; // days, of the Gregorian calendar on average

/** How much of a cycle has passed, from 0 to 1. */
const PASSED: Record<CalendarFeature, (time: number) => number> = {
  hour: (time) => time / DAY,
  weekday: (time) => (Math.floor(time / DAY) + THURSDAY) / 7,
  year: (time) => (time - Date.UTC(new Date(time).getUTCFullYear(), 0)) / DAY / YEAR,
};

/** All of them. */
export const CALENDAR_FEATURES = Object.keys(PASSED) as readonly CalendarFeature[];

/** The sine and the cosine of each feature at each time, one column after the other. */
export function calendarColumns(
  features: readonly CalendarFeature[],
  time: Float64Array,
): Float64Array[] {
  return features.flatMap((feature) => {
    const angle = (each: number) => 2 * Math.PI * PASSED[feature](each);
    return [time.map((each) => Math.sin(angle(each))), time.map((each) => Math.cos(angle(each)))];
  });
}

/**
 * The times that follow: by the calendar where all are the same day of some month, else by the
 * median step.
 */
export function nextTimes(time: Float64Array, count: number): Float64Array {
  const last = new Date(time[time.length - 1]);
  const tail = time.subarray(-50);
  const steps = Array.from(tail.subarray(1), (each, i) => each - tail[i]).sort((a, b) => a - b);
  const median = steps[steps.length >> 1] ?? DAY;
  const months = Array.from(tail, (each) => {
    const date = new Date(each);
    return 12 * date.getUTCFullYear() + date.getUTCMonth();
  });
  const perStep = months.length > 1 ? months[1] - months[0] : 0;
  const isMonthly = perStep > 0 &&
    months.every((month, i) =>
      month - months[0] === i * perStep && new Date(tail[i]).getUTCDate() === last.getUTCDate()
    );
  return Float64Array.from({ length: count }, (_, k) => {
    if (!isMonthly) return time[time.length - 1] + (k + 1) * median;
    const month = last.getUTCMonth() + (k + 1) * perStep;
    const day = (last.getTime() % DAY + DAY) % DAY;
    return Date.UTC(last.getUTCFullYear(), month, last.getUTCDate()) + day;
  });
}
