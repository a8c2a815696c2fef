/**
 * Windows of series, created on demand: all share the values of their series.
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

/** A series, scaled for the network. */
export interface PreparedSeries {
  /** The series it was made from. */
  series: SeriesPart;
  /** Each target, scaled. */
  targets: Float64Array[];
  /** Each feature, scaled. */
  features: Float64Array[];
  /** The columns known ahead, scaled, and the calendar. They may be longer than the targets. */
  known: Float64Array[];
}

/** One window of one target: the rows to read, and the rows to forecast. */
export interface Window {
  /** The series. */
  series: PreparedSeries;
  /** The index of the target. */
  target: number;
  /** The first row to forecast; the rows before it are read. */
  origin: number;
}

/**
 * Scales a series for the network.
 *
 * @param rows The number of rows with targets. Default: all.
 * @param ahead The number of rows after them whose known-ahead columns are read. Default: 0.
 * @param room The number of rows to allocate after them, filled with zeros. Default: `ahead`.
 * @throws {InputError} If a column or a value is missing.
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
        `forecasts, but there are ${given}; add rows without values of ${quote(form.targets[0])}`,
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

/**
 * Returns the times of the first `rows` rows; after the end of the series, the step continues them.
 *
 * @throws {InputError} If the series has no times.
 */
export function timesOf({ step }: ForecastForm, series: Series, rows: number): Float64Array {
  const { time } = series;
  if (!time || !step) {
    throw new InputError(
      `${placeOfSeries(series)}the model reads the calendar, but there is no time column; name one`,
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

/** Returns the first row at which a forecast can start, and the number of such rows. */
function originsOf(
  { window, horizon }: ForecastForm,
  { from = 0 }: SeriesPart,
  rows: number,
): { first: number; count: number } {
  const first = Math.max(window, from);
  return { first, count: Math.max(0, rows - horizon - first + 1) };
}

/** Returns the number of rows at which a forecast can start; 0 if the series is too short. */
export function countOrigins(form: ForecastForm, series: Series): number {
  return originsOf(form, series, rowsOf(series)).count;
}

/**
 * Returns all windows of some series: row by row, and for each row target by target. Series that
 * are too short are left out.
 *
 * @throws {InputError} If a column or a value is missing, or all series are too short.
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
        `${window + horizon} rows, but there are ${rows}; give more rows, or train with a ` +
        "shorter window",
    );
  }
  return sequenceOf(length, (index) => {
    let low = 0, high = long.length - 1; // finds the last series that starts at or before the index
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

// More windows take longer and measure no better: neighbors are nearly the same.
const MOST_MEASURED = 20_000;

/** Returns evenly spaced windows of a large set, enough to measure on. */
export function evenly(set: Sequence<Window>): Sequence<Window> {
  if (set.length <= MOST_MEASURED) return set;
  const step = set.length / MOST_MEASURED;
  return sequenceOf(MOST_MEASURED, (i) => set.at(Math.floor(i * step))!);
}

/** A batch of windows on the host. */
export interface Gathered {
  /** Row n * size + i: segment n of window i, column by column: target, features, known ahead. */
  x: FloatArray;
  /** Row m * size + i: what is known ahead of segment m of the horizon of window i. */
  known: FloatArray;
  /** Row m * size + i: segment m of the actual values; NaN beyond the horizon. */
  y: Float64Array;
  /** The index of each window's target. */
  columns: Int32Array;
  /** The last target value of each window, which is subtracted from all its target values. */
  last: Float64Array;
}

/** Gathers windows into a batch, with its last value subtracted from each window's target. */
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
    const room = Math.min(horizon, values.length - origin); // the actual values may be unknown
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
