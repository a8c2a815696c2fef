/**
 * The ends of series: where the targets end, and what is held out.
 *
 * @module
 */
import type { Series } from "../series/series.ts";
import { firstRows, rowsOf, type SeriesPart, splitSeries } from "./series.ts";

/**
 * Returns the number of rows of a series up to the last one with a value of any target. Rows after
 * it may have columns that are known ahead.
 *
 * @example
 * ```ts
 * import { knownRows } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const values = [Float64Array.of(5, 6, NaN), Float64Array.of(0, 1, 1)];
 * assertEquals(knownRows({ columns: ["sold", "holiday"], values }, ["sold"]), 2);
 * ```
 */
export function knownRows({ columns, values }: Series, targets: readonly string[]): number {
  const own = targets.map((name) => values[columns.indexOf(name)]);
  let rows = values[0].length;
  while (rows > 0 && own.every((column) => Number.isNaN(column[rows - 1]))) rows--;
  return rows;
}

/** Values that were filled at the end of a column. */
export interface FilledEnd {
  /** The name of the column. */
  column: string;
  /** How many values were filled. */
  count: number;
  /** The value that they were filled with. */
  value: number;
}

/**
 * Extends the columns of a series to the last row with a value of any target: a column that ends
 * earlier repeats its last value.
 *
 * @param onFilled Called for each column that was filled.
 *
 * @example
 * ```ts
 * import { withFilledEnds } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const values = [Float64Array.of(5, 6, NaN), Float64Array.of(0, 1, 1)];
 * const { values: [filled] } = withFilledEnds({ columns: ["a", "b"], values }, ["a", "b"]);
 * assertEquals([...filled], [5, 6, 6]);
 * ```
 */
export function withFilledEnds(
  series: Series,
  targets: readonly string[],
  onFilled?: (filled: FilledEnd) => void,
): Series {
  const rows = knownRows(series, targets);
  const values = series.values.map((column, i) => {
    const last = column.findLastIndex((value) => !Number.isNaN(value)), count = rows - last - 1;
    if (last < 0 || count <= 0) return column;
    onFilled?.({ column: series.columns[i], count, value: column[last] });
    return column.slice().fill(column[last], last + 1, rows);
  });
  return { ...series, values };
}

/**
 * Removes the rows after the last one with a value of any target; nothing is copied.
 *
 * @example
 * ```ts
 * import { withKnownRows } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const values = [Float64Array.of(5, 6, NaN), Float64Array.of(0, 1, 1)];
 * const { values: [sold] } = withKnownRows({ columns: ["sold", "holiday"], values }, ["sold"]);
 * assertEquals([...sold], [5, 6]);
 * ```
 */
export function withKnownRows(series: Series, targets: readonly string[]): Series {
  return firstRows(series, knownRows(series, targets));
}

/**
 * Holds out the end of each series that is long enough; see {@linkcode splitSeries}. A shorter
 * series is used for training as a whole.
 *
 * @param size The number of rows to hold out, or the fraction of the rows, below 1.
 * @param least The fewest rows to hold out (`aside`), and the fewest that must be left (`left`).
 *
 * @example
 * ```ts
 * import { splitEnds } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const long = { columns: ["x"], values: [new Float64Array(100)] };
 * const short = { columns: ["x"], values: [new Float64Array(10)] };
 * const { train, rest } = splitEnds([long, short], 0.2, { aside: 12, left: 48 });
 * assertEquals(train.map(({ values }) => values[0].length), [80, 10]);
 * assertEquals(rest.map(({ from }) => from), [80]);
 * ```
 */
export function splitEnds(
  all: Iterable<SeriesPart>,
  size: number,
  least: { aside: number; left: number },
): { train: SeriesPart[]; rest: SeriesPart[] } {
  const train: SeriesPart[] = [], rest: SeriesPart[] = [];
  for (const series of all) {
    const rows = rowsOf(series) - (series.from ?? 0);
    const aside = Math.max(least.aside, size < 1 ? Math.round(size * rows) : size);
    if (rows - aside < least.left) {
      train.push(series);
      continue;
    }
    const parts = splitSeries(series, aside);
    train.push(parts.train);
    rest.push(parts.validation);
  }
  return { train, rest };
}
