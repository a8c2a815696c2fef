/**
 * The column names of a table of series, kept with a model.
 *
 * @module
 */
import type { DataColumns } from "./columns.ts";
import type { SeriesReading } from "./read_series.ts";

/**
 * Returns the names of the time, series and label columns, and the layout. Store the result in a
 * model as `dataColumns`, so that the same columns are looked for in later tables.
 *
 * @example
 * ```ts
 * import { dataColumnsOf, readSeries } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { reading } = readSeries("day,sold\n2024-01-01,3\n2024-01-02,4\n");
 * assertEquals(dataColumnsOf(reading), { time: "day", layout: "long" });
 * ```
 */
export function dataColumnsOf({ time, series, label, layout }: SeriesReading): DataColumns {
  return {
    ...(time && { time: time.column }),
    ...(series !== undefined && { series }),
    ...(label !== undefined && { label }),
    layout,
  };
}
