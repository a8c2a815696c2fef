/**
 * Formats forecasts as rows of a table.
 *
 * @module
 */
import {
  type Field,
  type Forecast,
  formatTime,
  type SeriesReading,
  type TimeForm,
  writeHeader,
  type WriteOptions,
  writeRow,
} from "@unroll/core";

const DIGITS = 7; // the precision of a float32

/** Formats a time like the file, if it has months or years; otherwise as a date. */
export function timeText(time: number, form: TimeForm | undefined): string {
  const text = formatTime(time);
  return form === "year" ? text.slice(0, 4) : form === "month" ? text.slice(0, 7) : text;
}

/** Returns the names of the quantiles' columns; two quantiles are the ends of the band. */
function quantileNames({ quantiles }: Forecast): string[] {
  return quantiles.length === 2
    ? ["lower", "upper"]
    : quantiles.map(({ probability }) => `q${probability}`);
}

/** Returns a row for each step, with the forecast and the band of each target. */
export function forecastRows(
  forecast: Forecast,
  start: number,
  { time, series }: SeriesReading,
): Field[][] {
  const { targets, values, quantiles } = forecast;
  const isOne = targets.length === 1;
  const name = (target: string, what: string) => isOne ? what : `${target}_${what}`;
  const rounded = (value: number) => Number(value.toPrecision(DIGITS));
  const kinds = quantileNames(forecast);
  return Array.from(values[0], (_, t) => [
    ...(forecast.name === undefined ? [] : [[series ?? "series", forecast.name] as const]),
    forecast.time
      ? [time?.column ?? "time", timeText(forecast.time[t], time?.form)] as const
      : ["step", start + t + 1] as const,
    ...targets.flatMap((target, i): Field[] => [
      [name(target, "forecast"), rounded(values[i][t])],
      ...kinds.map((kind, q): Field => [name(target, kind), rounded(quantiles[q].values[i][t])]),
    ]),
  ]);
}

/** Formats rows as a table. */
export function forecastText(rows: readonly Field[][], options: WriteOptions): string {
  const names = rows[0].map(([name]) => name);
  return writeHeader(names, options) + rows.map((row) => writeRow(row, options)).join("");
}
