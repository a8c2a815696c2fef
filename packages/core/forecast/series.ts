/**
 * Series whose first rows are context: they are read, and only the rows after them are forecast.
 *
 * @module
 */
import { requireFraction, requireInteger, shown } from "../checks.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { Series } from "../series/series.ts";

/** A series whose rows from `from` on are to be forecast. */
export interface SeriesPart extends Series {
  /** The first row to forecast; the rows before it are only read. Default: 0. */
  from?: number;
}

/** Returns the number of rows of a series. */
export function rowsOf({ values }: Series): number {
  return values[0]?.length ?? 0;
}

/**
 * Checks that a value is a series.
 *
 * @throws {InputError} If it is not, or if its columns differ in length or do not match their
 *   names.
 */
export function requireSeries(series: Series): void {
  const { columns, values, time } = Object(series) as Series;
  const isSeries = Array.isArray(columns) && Array.isArray(values) &&
    values.every((column) => column instanceof Float64Array);
  if (!isSeries) {
    throw new InputError(
      `a forecaster reads series, with columns and their values, got ${shown(series)}`,
    );
  }
  const rows = rowsOf(series),
    other = [...values, time ?? values[0]].find((column) => column && column.length !== rows);
  if (values.length === columns.length && !other) return;
  throw new InputError(
    `${placeOfSeries(series)}there are ${columns.length} names for ${values.length} columns` +
      (other ? ` of ${rows} and ${other.length} rows` : ""),
  );
}

/** Returns the place of a series, as the beginning of an error message. */
export function placeOfSeries({ where, name }: Series): string {
  const place = [where, name && `the series ${quote(name)}`].filter(Boolean).join(", ");
  return place === "" ? "" : `${place}: `;
}

/**
 * Returns a column of a series by name, without missing values.
 *
 * @param rows How many of its first rows to check and return. Default: all.
 * @throws {InputError} If there is no such column, or a value of these rows is not finite.
 */
export function columnOf(series: Series, name: string, rows = rowsOf(series)): Float64Array {
  const at = series.columns.indexOf(name);
  if (at < 0) {
    throw new InputError(
      `${placeOfSeries(series)}there is no column ${quote(name)}; there is ` +
        series.columns.map((each) => quote(each)).join(", "),
    );
  }
  const values = series.values[at].subarray(0, rows);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  throw new InputError(
    `${placeOfSeries(series)}the column ${quote(name)} has ${values[bad]} in row ${bad + 1}; ` +
      "fill in missing values, or leave the row out",
  );
}

/** Returns the rows of a series before `end`; nothing is copied. */
export function firstRows(series: SeriesPart, end: number): SeriesPart {
  return {
    ...series,
    values: series.values.map((column) => column.subarray(0, end)),
    ...(series.time ? { time: series.time.subarray(0, end) } : {}),
  };
}

/**
 * Splits a series by time: the last rows are held out for validation or for a test. The held-out
 * part also has the rows before them as context, which are read but never forecast; nothing is
 * copied.
 *
 * @param size The number of rows to hold out, from 1 on, or the fraction of the rows, below 1.
 * @throws {InputError} If `size` is neither, or no row would be left for training.
 *
 * @example
 * ```ts
 * import { splitSeries } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const series = { columns: ["sales"], values: [Float64Array.of(1, 2, 3, 4)] };
 * const { train, validation } = splitSeries(series, 1);
 * assertEquals(train.values[0].length, 3);
 * assertEquals([validation.values[0].length, validation.from], [4, 3]);
 * ```
 */
export function splitSeries(
  series: SeriesPart,
  size: number,
): { train: SeriesPart; validation: SeriesPart } {
  const start = series.from ?? 0, all = rowsOf(series), rows = all - start;
  if (size < 1) requireFraction("the fraction of rows to set aside", size);
  else requireInteger("the number of rows to set aside", size, 1);
  const aside = size < 1 ? Math.round(size * rows) : size;
  if (aside >= rows) {
    throw new InputError(
      `${placeOfSeries(series)}cannot set aside ${aside} of ${rows} rows; set fewer aside`,
    );
  }
  const border = all - aside;
  return { train: firstRows(series, border), validation: { ...series, from: border } };
}

/**
 * Returns the folds of a backtest with a rolling origin: each trains on the rows before its own,
 * and is tested on its own.
 *
 * @param rows The number of rows that each fold is tested on.
 * @throws {InputError} If the series is too short.
 */
export function rollingFolds(
  series: SeriesPart,
  folds: number,
  rows: number,
): { train: SeriesPart; test: SeriesPart }[] {
  requireInteger("the number of folds", folds, 1);
  requireInteger("the rows of a fold", rows, 1);
  const all = rowsOf(series);
  if (folds * rows >= all - (series.from ?? 0)) {
    throw new InputError(
      `${placeOfSeries(series)}${folds} folds of ${rows} rows need more than ${
        folds * rows
      } rows, ` +
        `but there are ${all}; use fewer folds`,
    );
  }
  return Array.from({ length: folds }, (_, k) => {
    const border = all - (folds - k) * rows;
    return {
      train: firstRows(series, border),
      test: { ...firstRows(series, border + rows), from: border },
    };
  });
}
