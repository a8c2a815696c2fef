/**
 * The part of a series and its forecasts that is drawn.
 *
 * @module
 */
import {
  type Backend,
  type Forecast,
  type ForecastModel,
  predict,
  type Series,
  type TimeForm,
} from "@unroll/core";
import { timeText } from "../../cli/output/forecast_rows.ts";
import { percent } from "../../cli/output/terminal.ts";
import type { SeriesView, ViewSettings } from "./forecast_protocol.ts";

const MOST_BLOCKS = 40; // held-out horizons that are forecast during training
const FEW_ROWS = 400; // up to which all rows are drawn
const RECENT = 6; // horizons that are drawn at least
const MOST_ROWS = 3000; // maximum drawn at once

/** Forecasts the held-out rows, one horizon after another, each from the rows before it. */
export async function forecastHeldOut(
  backend: Backend,
  model: ForecastModel,
  series: Series,
  border: number,
): Promise<PlacedForecast[]> {
  const { horizon, window } = model, rows = series.values[0].length;
  const origins: number[] = [];
  for (let at = border; at < rows; at += horizon) origins.push(Math.min(at, rows - horizon));
  const own = origins.filter((at) => at >= window).slice(-MOST_BLOCKS);
  const parts = own.map((origin) => asIfUnknown(series, model, origin));
  const forecasts = parts.length > 0 ? await predict(backend, model, parts) : [];
  return forecasts.map((forecast, i) => ({ origin: own[i], forecast }));
}

/** A forecast, and its first row. */
export interface PlacedForecast {
  origin: number;
  forecast: Forecast;
}

/** Returns the rows that a forecast reads, and those that it forecasts, without their targets. */
function asIfUnknown(series: Series, { targets, horizon, window }: ForecastModel, origin: number) {
  const first = origin - window, end = origin + horizon;
  return {
    ...series,
    values: series.values.map((values, i) => {
      const own = values.slice(first, end);
      return targets.includes(series.columns[i]) ? own.fill(NaN, window) : own;
    }),
    ...(series.time && { time: series.time.slice(first, end) }),
  };
}

/** Returns what to draw of a column. */
export function viewSeries(
  series: Series,
  forecasts: readonly PlacedForecast[],
  border: number | undefined,
  { series: at, target, isWhole }: ViewSettings,
  { horizon, form }: { horizon: number; form?: TimeForm },
): SeriesView {
  const column = series.values[series.columns.indexOf(target)], rows = column.length;
  const ends = forecasts.map(({ origin, forecast }) => origin + forecast.values[0].length);
  const end = Math.max(rows, ...ends);
  const recent = Math.max(FEW_ROWS / 2, RECENT * horizon);
  const isAll = isWhole || rows <= FEW_ROWS;
  const first = Math.max(0, rows - (isAll ? MOST_ROWS : Math.min(MOST_ROWS, recent)));
  const empty = () => new Float64Array(end - first).fill(NaN);
  const actual = empty(), times: string[] = [];
  actual.set(column.subarray(first));
  for (let row = first; row < end; row++) {
    const of = forecasts.find(({ origin }, i) => row >= origin && row < ends[i]);
    const time = row < rows ? series.time?.[row] : of?.forecast.time?.[row - of.origin];
    times.push(time === undefined ? String(row + 1) : timeText(time, form));
  }
  const view: SeriesView = {
    ...{ series: at, target, first, times, actual, end: rows - first },
    ...(border === undefined ? {} : { heldOut: Math.max(0, border - first) }),
  };
  const drawn = forecasts.filter(({ forecast }, i) =>
    ends[i] > first && forecast.targets.includes(target)
  );
  if (drawn.length === 0) return view;
  const { targets, quantiles } = drawn[0].forecast, i = targets.indexOf(target);
  const gathered = (numbers: (forecast: Forecast) => Float64Array) => {
    const all = empty();
    for (const { origin, forecast } of drawn) {
      const hidden = Math.max(0, first - origin); // rows before the drawn ones
      all.set(numbers(forecast).subarray(hidden), origin + hidden - first);
    }
    return all;
  };
  view.forecast = gathered(({ values }) => values[i]);
  if (quantiles.length < 2) return view;
  const expected = quantiles.at(-1)!.probability - quantiles[0].probability;
  return {
    ...view,
    lower: gathered(({ quantiles }) => quantiles[0].values[i]),
    upper: gathered(({ quantiles }) => quantiles.at(-1)!.values[i]),
    band: percent(expected).replace(".0%", "%"),
  };
}
