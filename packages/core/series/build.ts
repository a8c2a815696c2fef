/**
 * Builds series from gathered rows: steps in order, evenly spaced, without gaps.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { SeriesColumns } from "./columns.ts";
import { fillMissing, gapsOf, gapTimes, spread, spreadTimes } from "./fill.ts";
import type { Gathered } from "./gather.ts";
import type { Series } from "./series.ts";
import { formatTime } from "./times.ts";
import { findStep, type TimeStep } from "./time_steps.ts";

/** The series, their step and notes. */
export interface BuiltSeries {
  series: Series[];
  /** The distance between consecutive times, if the rows have times. */
  step?: TimeStep;
  /** Filled values and reordered rows, one sentence each. */
  notes: string[];
}

const SHOWN = 10; // the largest number of missing steps that a note lists

/**
 * Builds series from rows. Missing steps and values are filled by linear interpolation.
 *
 * @param options `maxGap`: the longest run of missing steps or values that is filled. `keepEnd`:
 *   whether values that are missing at the end stay NaN.
 * @throws {InputError} If times decrease or repeat, a gap is longer, or a column has no values.
 */
export function buildSeries(
  gathered: readonly Gathered[],
  columns: SeriesColumns,
  file: string,
  { maxGap, keepEnd }: { maxGap: number; keepEnd: boolean },
): BuiltSeries {
  const notes: string[] = [];
  if (columns.time !== undefined) reverseNewestFirst(gathered, notes);
  for (const each of gathered) requireOrder(each, columns, file);
  const unit = columns.timeForm === "number" ? "number" : "millisecond";
  const step = columns.time === undefined
    ? undefined
    : findStep(gathered.map(({ times }) => times!), unit);
  const missing: { count: number; times: string[] } = { count: 0, times: [] };
  const filled = new Map<string, number>();
  const series = gathered.map((each): Series => {
    const gaps = each.times && step ? gapsOf(each.times, step) : [];
    const isNamed = gathered.length > 1 && each.name !== undefined;
    for (const { after, count } of gaps) {
      missing.count += count;
      if (count <= maxGap) continue;
      throw new InputError(
        `${file}:${each.lines[after]}: ${count} steps are missing after ` +
          `${shownTime(each.times![after], unit)}, more than the limit of ${maxGap}; ` +
          "fill them, cut the file there, or raise the limit (--max-gap)",
      );
    }
    if (missing.times.length < SHOWN && gaps.length > 0) {
      const some = gapTimes(each.times!, gaps, step!, SHOWN - missing.times.length);
      missing.times.push(...some.map((time) => isNamed ? `${time} of ${quote(each.name)}` : time));
    }
    const values = each.values.map((numbers, i) => {
      const { name } = columns.channels[i];
      const values = spread(numbers, gaps);
      const end = values.findLastIndex((value) => !Number.isNaN(value)) + 1;
      const { count, longest } = fillMissing(keepEnd ? values.subarray(0, end) : values);
      const added = gaps.reduce((sum, { count }) => sum + count, 0);
      if (count > added) filled.set(name, (filled.get(name) ?? 0) + count - added);
      if (end === 0) {
        const whose = isNamed ? ` of the series ${quote(each.name)}` : "";
        throw new InputError(
          `${file}:${each.lines[0]}: the column ${
            quote(name)
          }${whose} has no numbers; leave it out`,
        );
      }
      if (longest.count > maxGap) {
        const line = each.lines[Math.min(longest.from, each.lines.length - 1)];
        throw new InputError(
          `${file}:${line}: ${longest.count} values of ${quote(name)} are missing in a row, more ` +
            `than the limit of ${maxGap}; leave the column out, cut the file there, or ` +
            "raise the limit (--max-gap)",
        );
      }
      return values;
    });
    return {
      ...(each.name === undefined ? {} : { name: each.name }),
      where: `${file}:${each.lines[0]}`,
      columns: columns.channels.map(({ name }) => name),
      values,
      ...(each.times && unit === "millisecond"
        ? {
          time: step ? spreadTimes(each.times, gaps, step) : Float64Array.from(each.times),
        }
        : {}),
      ...(each.label === undefined ? {} : { label: each.label }),
    };
  });
  if (missing.count > 0) {
    const more = missing.count > missing.times.length ? " and more" : "";
    const [steps, are] = missing.count === 1 ? ["step", "is"] : ["steps", "are"];
    notes.push(
      `${missing.count} ${steps} ${are} missing: ${missing.times.join(", ")}${more}; ` +
        "filled by linear interpolation.",
    );
  }
  for (const [name, count] of filled) {
    const values = count === 1 ? "value is" : "values are";
    notes.push(
      `${count} ${values} missing in ${quote(name)}; filled by linear interpolation.`,
    );
  }
  if (step?.isIrregular) {
    notes.push("Times are not evenly spaced; each row counts as one step, regardless of its time.");
  }
  return { series, ...(step ? { step } : {}), notes };
}

function shownTime(time: number, unit: "number" | "millisecond"): string {
  return unit === "number" ? `${time}` : formatTime(time);
}

/** Reverses the rows if all series have the newest row first. */
function reverseNewestFirst(gathered: readonly Gathered[], notes: string[]): void {
  const long = gathered.filter(({ times }) => times!.length > 1);
  const isNewestFirst = long.length > 0 &&
    long.every(({ times }) => times!.every((time, i) => i === 0 || time < times![i - 1]));
  if (!isNewestFirst) return;
  for (const { times, lines, values } of gathered) {
    for (const list of [times!, lines, ...values]) list.reverse();
  }
  notes.push("The newest rows come first; their order was reversed.");
}

function requireOrder(
  { times, lines, name }: Gathered,
  { time, series, timeForm }: SeriesColumns,
  file: string,
): void {
  if (!times) return;
  const unit = timeForm === "number" ? "number" : "millisecond";
  for (let i = 1; i < times.length; i++) {
    if (times[i] > times[i - 1]) continue;
    const whose = name === undefined ? "" : ` in the series ${quote(name)}`;
    const now = shownTime(times[i], unit), before = shownTime(times[i - 1], unit);
    const what = times[i] === times[i - 1]
      ? `the time ${now}${whose} already appears in line ${lines[i - 1]}`
      : `the time decreases${whose}, from ${before} to ${now}`;
    const repair = times[i] === times[i - 1] ? "leave one of them out" : "sort the rows";
    const cure = series === undefined
      ? `${repair}, or name the column that identifies the series of each row (--series)`
      : repair;
    throw new InputError(`${file}:${lines[i]}: ${quote(time)}: ${what}; ${cure}`);
  }
}
