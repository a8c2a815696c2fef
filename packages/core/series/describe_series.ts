/**
 * A description of how series were read.
 *
 * @module
 */
import { describeReading } from "../data/reading.ts";
import { quote } from "../printable.ts";
import type { SeriesReading } from "./read_series.ts";
import { describeTimeForm } from "./times.ts";
import { describeStep } from "./time_steps.ts";

/**
 * Describes how series were read, in one line.
 *
 * @example
 * ```ts
 * import { describeSeries, readSeries } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { reading } = readSeries("Date,Sold\n1949-01,112\n1949-02,118\n");
 * assertEquals(
 *   describeSeries(reading),
 *   'CSV, header, 2 rows; numbers in "Sold", times in "Date" (months, 1 month apart)',
 * );
 * ```
 */
export function describeSeries(reading: SeriesReading): string {
  const { format, dialect, rows, columns, layout, time, step, series, label } = reading;
  const whole = describeReading({
    ...{ format, kind: "texts", dialect, columns: ["x"], count: rows, isGuessed: false },
  });
  const apart = step ? `, ${describeStep(step)} apart` : "";
  const shown = columns.slice(0, 8).map(quote).join(", ") + (columns.length > 8 ? ", …" : "");
  return [
    whole.slice(0, whole.lastIndexOf(";")) +
    (layout === "wide" ? "; one series per row" : `; numbers in ${shown}`),
    ...(layout === "wide" && columns.length > 1 ? [`columns ${shown}`] : []),
    ...(time ? [`times in ${quote(time.column)} (${describeTimeForm(time.form)}${apart})`] : []),
    ...(series === undefined ? [] : [`series by ${quote(series)}`]),
    ...(label === undefined ? [] : [`labels in ${quote(label)}`]),
  ].join(", ");
}
