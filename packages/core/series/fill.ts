/**
 * Finds missing time steps, and fills missing values by linear interpolation.
 *
 * @module
 */
import { formatTime } from "./times.ts";
import { isWhole, stepsBetween, timeAfter, type TimeStep } from "./time_steps.ts";

/** The values that {@linkcode fillMissing} filled. */
export interface Filled {
  /** The number of missing values. */
  count: number;
  /** The longest run of missing values: its first step and its length. */
  longest: { from: number; count: number };
}

/**
 * Fills missing values (NaN) of a column in place: between two known values by linear
 * interpolation, before the first and after the last with the nearest one. A column without values
 * stays unchanged.
 */
export function fillMissing(values: Float64Array): Filled {
  const filled: Filled = { count: 0, longest: { from: 0, count: 0 } };
  let before = -1; // the last known value
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

/** Consecutive time steps that have no row. */
export interface Gap {
  /** The row before the gap. */
  after: number;
  /** The number of missing steps. */
  count: number;
}

/** Returns the gaps between times; none if the step is irregular. */
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

/** Returns a column with NaN at each missing step. */
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

/** Returns the times, including those of the missing steps. */
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

/** Returns the times of the first `most` missing steps as texts for a message. */
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
