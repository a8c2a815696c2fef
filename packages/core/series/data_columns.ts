/**
 * What the columns of a table of series are called, for a model to know.
 *
 * @module
 */
import type { DataColumns } from "./columns.ts";
import type { SeriesReading } from "./read_series.ts";

/**
 * What the columns were called that have no numbers to learn, so that a model can look for them in
 * later tables: put it into the model as `dataColumns`.
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
