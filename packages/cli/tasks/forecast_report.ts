/**
 * The HTML report of a forecaster's training.
 *
 * @module
 */
import {
  type Backend,
  evaluate,
  type ForecastModel,
  predict,
  type Sequence,
  type SeriesPart,
} from "@unroll/core";
import { forecastTables } from "../output/forecast_scores.ts";
import type { ReportParts, SeriesRow } from "../output/report_data.ts";
import { few } from "../output/terminal.ts";
import { timeFormOf, viewOf } from "./forecast_view.ts";

const PAGE_CHARTS = 8; // columns drawn on a page

/** Returns the parts of the HTML report. */
export async function forecastReport(
  backend: Backend,
  model: ForecastModel,
  measured: Sequence<SeriesPart>,
): Promise<ReportParts> {
  const evaluation = await evaluate(backend, model, measured);
  const { targets, horizon, window, segment, season } = model;
  return {
    facts: [
      ["Columns", few(targets)],
      ["Horizon", `${horizon} steps`],
      ["Window", `${window} steps, ${segment} at a time`],
      ["Season", season > 1 ? `${season} steps` : "none"],
      ["Evaluated on", `${evaluation.windows} forecasts`],
    ],
    lossName: "Loss (of scaled values)",
    accuracyName: "Mean absolute error (of scaled values)",
    figure: "mae",
    series: await lastForecasts(backend, model, measured, PAGE_CHARTS),
    tables: forecastTables(evaluation, targets),
  };
}

/** Forecasts the last rows of the first series that is long enough, as if they were unknown. */
export async function lastForecasts(
  backend: Backend,
  model: ForecastModel,
  measured: Sequence<SeriesPart>,
  most: number,
): Promise<SeriesRow[]> {
  const { horizon, window, targets } = model;
  const series = Array.from(measured).find(({ values }) => values[0].length >= window + horizon);
  if (!series) return [];
  const start = series.values[0].length - horizon;
  const before: SeriesPart = {
    ...series,
    // Covariates known ahead stay; the targets end.
    values: series.values.map((values, i) => {
      if (!targets.includes(series.columns[i])) return values;
      return values.map((value, t) => t < start ? value : NaN);
    }),
  };
  const [forecast] = await predict(backend, model, [before]);
  return targets.slice(0, most).map((_, i) =>
    viewOf(series, start, forecast, i, timeFormOf(series))
  );
}
