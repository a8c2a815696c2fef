/**
 * Missing numbers and missing steps, filled by a rule.
 *
 * @module
 */
import { formatTime } from "./times.ts";
import { isWhole, stepsBetween, timeAfter, type TimeStep } from "./time_steps.ts";

/** What {@linkcode fillMissing} has done. */
export interface Filled {
  /** How many numbers were filled. */
  count: number;
  /** The longest run of missing numbers, its first step and how many they are. */
  longest: { from: number; count: number };
}

/**
 * Fills missing numbers of a column in place: between two known ones on the line from one to the
 * other, before the first and behind the last by the nearest.
 */
export function fillMissing(values: Float64Array): Filled {
  const filled: Filled = { count: 0, longest: { from: 0, count: 0 } };
  let before = -1; // the last known one
  for (let t = 0; t <= values.length; t++) {
    if (t < values.length && Number.isNaN(values[t])) continue;
    const count = t - before - 1;
    if (count > 0 && count < values.length) {
      const first = before < 0 ? values[t] : values[before];
      const last = t < values.length ? values[t] : first;
      for (let i = 1; i <= count; i++) {
        values[before + i] = first + (last - first) * i / (count + 1);
      }
    }
    if (count > 0) filled.count += count;
    if (count > filled.longest.count) filled.longest = { from: before + 1, count };
    before = t;
  }
  return filled;
}

/** Steps that a series has no rows for. */
export interface Gap {
  /** The row before it. */
  after: number;
  /** How many steps are missing. */
  count: number;
}

/** The steps that are missing between times, by their step. */
export function gapsOf(times: ArrayLike<number>, step: TimeStep): Gap[] {
  if (step.isIrregular) return [];
  const gaps: Gap[] = [];
  for (let i = 1; i < times.length; i++) {
    const steps = stepsBetween(times[i - 1], times[i], step);
    if (isWhole(steps) && Math.round(steps) > 1) {
      gaps.push({ after: i - 1, count: Math.round(steps) - 1 });
    }
  }
  return gaps;
}

/** A column with NaN at each step that is missing. */
export function spread(values: ArrayLike<number>, gaps: readonly Gap[]): Float64Array {
  const length = gaps.reduce((sum, { count }) => sum + count, values.length);
  const out = new Float64Array(length).fill(NaN);
  let shift = 0, next = 0;
  for (let i = 0; i < values.length; i++) {
    out[i + shift] = values[i];
    if (gaps[next]?.after === i) shift += gaps[next++].count;
  }
  return out;
}

/** Times with those of the missing steps between them. */
export function spreadTimes(
  times: ArrayLike<number>,
  gaps: readonly Gap[],
  step: TimeStep,
): Float64Array {
  const out = spread(times, gaps);
  for (let i = 1; i < out.length; i++) {
    if (Number.isNaN(out[i])) out[i] = timeAfter(out[i - 1], 1, step);
  }
  return out;
}

/** The times of some steps that are missing, for a message: at most `most`. */
export function gapTimes(
  times: ArrayLike<number>,
  gaps: readonly Gap[],
  step: TimeStep,
  most: number,
): string[] {
  const found: string[] = [];
  for (const { after, count } of gaps) {
    for (let i = 1; i <= count && found.length < most; i++) {
      const time = timeAfter(times[after], i, step);
      found.push(step.unit === "number" ? `${Number(time.toPrecision(10))}` : formatTime(time));
    }
  }
  return found;
}
