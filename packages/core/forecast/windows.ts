/**
 * Windows of series, made as they are asked for: all share the numbers of their series.
 *
 * @module
 */
import type { DType, FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { type Sequence, sequenceOf } from "../sequence.ts";
import { calendarFeatures } from "../series/calendar.ts";
import type { Series } from "../series/series.ts";
import { timeAfter } from "../series/time_steps.ts";
import { type ForecastForm, knownWidth, readWidth, stepsOf } from "./form.ts";
import { scaledColumn } from "./scaling.ts";
import { columnOf, placeOfSeries, requireSeries, rowsOf, type SeriesPart } from "./series.ts";

/** A series as a network reads it. */
export interface PreparedSeries {
  /** Where it comes from. */
  series: SeriesPart;
  /** Each target, scaled. */
  targets: Float64Array[];
  /** Each feature, scaled. */
  features: Float64Array[];
  /** What is known ahead: columns, scaled, and the calendar. They may be longer than the targets. */
  known: Float64Array[];
}

/** One window of one target: what is read, and what is to be forecast. */
export interface Window {
  /** The series. */
  series: PreparedSeries;
  /** Which target. */
  target: number;
  /** The first row to forecast; the rows before it are read. */
  origin: number;
}

/**
 * A series as a network reads it.
 *
 * @param rows How many rows its targets have. Default: all.
 * @param ahead How many rows beyond them are known ahead. Default: 0.
 * @param room How many rows beyond them there is room for, with zeros. Default: those ahead.
 */
export function prepareSeries(
  form: ForecastForm,
  series: SeriesPart,
  rows: number = rowsOf(series),
  ahead = 0,
  room = ahead,
): PreparedSeries {
  const { columns, calendar, knownAhead, step } = form;
  const given = rowsOf(series) - rows;
  if (knownAhead.length > 0 && given < ahead) {
    throw new InputError(
      `${placeOfSeries(series)}the model needs ${
        quote(knownAhead[0])
      } for the ${ahead} rows that it ` +
        `forecasts, and there are ${given}; add rows without values of ${quote(form.targets[0])}`,
    );
  }
  const take = (names: readonly string[], count: number, length = count) =>
    names.map((name) =>
      scaledColumn(columnOf(series, name, count), columns.indexOf(name), form, length)
    );
  return {
    series,
    targets: take(form.targets, rows, rows + room),
    features: take(form.features, rows),
    known: [
      ...take(knownAhead, rows + ahead, rows + room),
      ...(calendar.length > 0 && step
        ? calendarFeatures(timesOf(form, series, rows + ahead), step).values
        : []),
    ],
  };
}

/** The times of a number of rows, which may be more than the series has. */
export function timesOf({ step }: ForecastForm, series: Series, rows: number): Float64Array {
  const { time } = series;
  if (!time || !step) {
    throw new InputError(
      `${placeOfSeries(series)}the model reads the calendar, and there is no time column; name it`,
    );
  }
  const more = rows - time.length;
  if (more <= 0) return time.subarray(0, rows);
  const all = new Float64Array(rows);
  all.set(time);
  const last = time[time.length - 1];
  for (let k = 1; k <= more; k++) all[time.length + k - 1] = timeAfter(last, k, step);
  return all;
}

/** The rows of a series that a window can be forecast for: the first, and how many. */
function originsOf(
  { window, horizon }: ForecastForm,
  { from = 0 }: SeriesPart,
  rows: number,
): { first: number; count: number } {
  const first = Math.max(window, from);
  return { first, count: Math.max(0, rows - horizon - first + 1) };
}

/** How many rows a series can be forecast for; 0 where it is too short. */
export function countOrigins(form: ForecastForm, series: Series): number {
  return originsOf(form, series, rowsOf(series)).count;
}

/**
 * All windows of some series: row by row, and for each row target by target.
 *
 * @throws {InputError} Where a column or a number is missing, or all series are too short.
 */
export function windowsOf(form: ForecastForm, series: Sequence<SeriesPart>): Sequence<Window> {
  const { window, horizon, targets: { length: targets } } = form;
  const long: { series: PreparedSeries; first: number; start: number }[] = [];
  let length = 0;
  for (const each of series) {
    requireSeries(each);
    const { first, count } = originsOf(form, each, rowsOf(each));
    if (count === 0) continue;
    long.push({ series: prepareSeries(form, each), first, start: length });
    length += count * targets;
  }
  const any: SeriesPart | undefined = series.at(0);
  if (any && length === 0) {
    const from = any.from ?? 0, rows = rowsOf(any) - Math.max(0, from - window);
    throw new InputError(
      `${placeOfSeries(any)}a window of ${window} and a horizon of ${horizon} need ` +
        `${window + horizon} rows, and there are ${rows}; give more rows, or train with less`,
    );
  }
  return sequenceOf(length, (index) => {
    let low = 0, high = long.length - 1; // the last that starts at or before the index
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (long[middle].start <= index) low = middle;
      else high = middle - 1;
    }
    const { series, first, start } = long[low];
    const target = (index - start) % targets;
    return { series, target, origin: first + Math.floor((index - start) / targets) };
  });
}

// More windows measure no better, and take long; neighbors say nearly the same.
const MOST_MEASURED = 20_000;

/** Of many windows some, evenly: enough to measure by. */
export function evenly(set: Sequence<Window>): Sequence<Window> {
  if (set.length <= MOST_MEASURED) return set;
  const step = set.length / MOST_MEASURED;
  return sequenceOf(MOST_MEASURED, (i) => set.at(Math.floor(i * step))!);
}

/** Windows side by side on the host. */
export interface Gathered {
  /** Row n * size + i: segment n of window i, target, features and what is known one by one. */
  x: FloatArray;
  /** Row m * size + i: what is known of segment m of the horizon. */
  known: FloatArray;
  /** Row m * size + i: segment m of the right values; NaN beyond the horizon. */
  y: Float64Array;
  /** The target of each window. */
  columns: Int32Array;
  /** The last value of each window, which is taken off all its values. */
  last: Float64Array;
}

/** Puts windows side by side, each less its last value. */
export function gatherWindows(
  form: ForecastForm,
  windows: readonly Window[],
  dtype: DType,
): Gathered {
  const Numbers = dtype === "float64" ? Float64Array : Float32Array;
  const [N, M] = stepsOf(form), { segment, horizon, window } = form, size = windows.length;
  const width = segment * readWidth(form), ahead = segment * knownWidth(form);
  const x = new Numbers(N * size * width), known = new Numbers(M * size * ahead);
  const y = new Float64Array(M * size * segment).fill(NaN);
  const columns = new Int32Array(size), last = new Float64Array(size);
  for (
    const [i, { series: { targets, features, known: own }, target, origin }] of windows.entries()
  ) {
    const values = targets[target], off = values[origin - 1], start = origin - window;
    columns[i] = target;
    last[i] = off;
    for (let n = 0; n < N; n++) {
      const row = start + n * segment;
      let at = (n * size + i) * width;
      for (let s = 0; s < segment; s++) x[at++] = values[row + s] - off;
      for (const column of features) for (let s = 0; s < segment; s++) x[at++] = column[row + s];
      for (const column of own) for (let s = 0; s < segment; s++) x[at++] = column[row + s];
    }
    const room = Math.min(horizon, values.length - origin); // the right values may be unknown
    for (let m = 0; m < M; m++) {
      const row = m * segment, most = Math.min(segment, horizon - row);
      let at = (m * size + i) * segment;
      for (let s = 0; s < Math.min(segment, room - row); s++) {
        y[at++] = values[origin + row + s] - off;
      }
      at = (m * size + i) * ahead;
      for (const column of own) {
        for (let s = 0; s < most; s++) known[at + s] = column[origin + row + s];
        at += segment;
      }
    }
  }
  return { x, known, y, columns, last };
}
