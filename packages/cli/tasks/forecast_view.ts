/**
 * Charts of forecasts: of the last evaluated rows, and of future rows.
 *
 * @module
 */
import type { Forecast, ForecastModel, Series, TimeForm } from "@unroll/core";
import { timeText } from "../output/forecast_rows.ts";
import type { SeriesRow } from "../output/report_data.ts";
import { seriesChart } from "../output/series_chart.ts";
import { LABEL, percent, printable, terminalColumns } from "../output/terminal.ts";

const PAST = 3; // horizons of the past before the forecast
const LEAST = 24; // steps of the past, if there are that many
const ROWS = 12;

/** Returns a chart of a target with its forecast, and with some steps before it. */
export function viewOf(
  series: Series,
  start: number,
  forecast: Forecast,
  target: number,
  form?: TimeForm,
): SeriesRow {
  const { targets, values, quantiles } = forecast;
  const name = targets[target], horizon = values[target].length;
  const first = Math.max(0, start - Math.max(LEAST, PAST * horizon));
  const column = series.values[series.columns.indexOf(name)];
  const numbers = (each: Float64Array) => Array.from(each);
  const [lowest, highest] = [quantiles.at(0), quantiles.at(-1)];
  const hasBand = quantiles.length > 1;
  const times = Array.from({ length: start - first + horizon }, (_, i) => {
    const step = first + i;
    const time = step < start ? series.time?.[step] : forecast.time?.[step - start];
    return time === undefined ? String(step + 1) : timeText(time, form);
  });
  return {
    title: series.name === undefined ? name : `${name} of ${series.name}`,
    actual: numbers(column.subarray(first, start + horizon)),
    start: start - first,
    forecast: numbers(values[target]),
    ...(hasBand && {
      lower: numbers(lowest!.values[target]),
      upper: numbers(highest!.values[target]),
      band: `${percent(highest!.probability - lowest!.probability).replace(".0%", "%")} band`,
    }),
    times,
  };
}

/** Draws a chart as lines for a terminal. */
export function chartLines(view: SeriesRow): string[] {
  const { title, times } = view;
  const size = { columns: terminalColumns(), rows: ROWS };
  return [
    printable(title, 2 * LABEL),
    ...seriesChart({ ...view, timeAt: (step) => times[step] ?? "" }, size),
  ];
}

/** Detects the form of a series' times: months and years are stored as their first days. */
export function timeFormOf({ time }: Series): TimeForm | undefined {
  const some = time?.subarray(-50).map((each) => each);
  if (!some || some.length < 2) return undefined;
  const dates = Array.from(some, (each) => new Date(each));
  const isFirst = dates.every((date) =>
    date.getUTCDate() === 1 && date.getTime() % 86_400_000 === 0
  );
  if (!isFirst) return undefined;
  return dates.every((date) => date.getUTCMonth() === 0) ? "year" : "month";
}

/** Summarizes a model, without its network. */
export function forecastSummary(model: ForecastModel) {
  const { targets, features, knownAhead, calendar, horizon, window, segment, season } = model;
  return {
    task: model.task,
    targets,
    ...(features.length > 0 ? { features } : {}),
    ...(knownAhead.length > 0 ? { knownAhead } : {}),
    ...(calendar.length > 0 ? { calendar } : {}),
    ...{ horizon, window, segment, season, loss: model.loss, quantiles: model.quantiles },
  };
}
