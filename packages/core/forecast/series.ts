/**
 * Series whose first rows are only read, so that what follows can be forecast from them.
 *
 * @module
 */
import { requireFraction, requireInteger, shown } from "../checks.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { Series } from "../series/series.ts";

/** A series of which a part is to be forecast. */
export interface SeriesPart extends Series {
  /** The first row that is forecast; the rows before it are only read. Default: 0. */
  from?: number;
}

/** How many rows a series has. */
export function rowsOf({ values }: Series): number {
  return values[0]?.length ?? 0;
}

/**
 * Throws for what is no series.
 *
 * @throws {InputError} With what it is.
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
      (other ? ` of ${rows} rows and of ${other.length}` : ""),
  );
}

/** What errors about a series begin with. */
export function placeOfSeries({ where, name }: Series): string {
  const place = [where, name && `the series ${quote(name)}`].filter(Boolean).join(", ");
  return place === "" ? "" : `${place}: `;
}

/**
 * A column of a series, by name; its numbers must all be there.
 *
 * @param rows How many of them are looked at. Default: all.
 * @throws {InputError} Where the column is missing, or a number is.
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
      "fill what is missing, or leave the row out",
  );
}

/** The rows of a series before a place; nothing is copied. */
export function firstRows(series: SeriesPart, end: number): SeriesPart {
  return {
    ...series,
    values: series.values.map((column) => column.subarray(0, end)),
    ...(series.time ? { time: series.time.subarray(0, end) } : {}),
  };
}

/**
 * Splits a series by time: the last rows are for validation, or for a test. Their part has the rows
 * before them too, to be read and never to be forecast; nothing is copied.
 *
 * @param size How many rows are set aside: a number from 1 on, or below 1 a fraction of them.
 * @throws {InputError} Where nothing would be left.
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
      `${placeOfSeries(series)}${aside} rows cannot be set aside of ${rows}; set fewer aside`,
    );
  }
  const border = all - aside;
  return { train: firstRows(series, border), validation: { ...series, from: border } };
}

/** Folds of a backtest: each trains on the rows before its own, and is tested on those. */
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
        `and there are ${all}; ask for fewer folds`,
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
