/**
 * Forecasts: for the rows after a file, and after each value of a stream.
 *
 * @module
 */
import {
  type Forecast,
  type ForecastModel,
  knownRows,
  type Series,
  type SeriesReading,
  withFilledEnds,
} from "@unroll/core";
import { writeAnswers } from "../files/answers.ts";
import { readSeriesFiles } from "../files/read_series.ts";
import { forecastRows } from "../output/forecast_rows.ts";
import { number } from "../output/forecast_scores.ts";
import { print, printable, table, warn } from "../output/terminal.ts";
import { reportLeftOut } from "../run/examples.ts";
import { filledEnds, sayOtherStep } from "./forecast_data.ts";
import { streamForecasts } from "./forecast_stream.ts";
import { chartLines, viewOf } from "./forecast_view.ts";
import { serveSeries, whole } from "./serving.ts";
import type { OwnPrediction } from "./task.ts";

const SHOWN_ROWS = 48, SHOWN_TARGETS = 3; // in a table on a terminal

/** The predict command for forecasting models. */
export const forecastPrediction: OwnPrediction<ForecastModel> = {
  flags: ["horizon", "time", "series", "decimal", "day-first", "max-gap", "stream"],
  models: "a model that forecasts numbers",
  usage:
    "this model forecasts numbers: give them with --data FILE, or one value per line with --stream",
  async file(predictor, settings) {
    const { model } = predictor;
    const { data, out, json, horizon } = settings;
    const named = { columns: model.columns, label: null, layout: "long" } as const;
    const found = await readSeriesFiles(
      [data],
      settings,
      { ...named, keepEnd: true, usual: model.dataColumns },
      false,
    );
    const { series: read, readings: [reading], leftOut } = found;
    sayOtherStep(model, [data], found);
    reportLeftOut(leftOut);
    const series = read.map((each) => filledEnds(each, model.targets));
    const forecasts = await predictor.predict(series, { horizon });
    if (horizon !== undefined && horizon > model.horizon) {
      warn(
        `note: the model was trained to forecast ${model.horizon} steps; later ones are forecast ` +
          "from its own forecasts, and their band is too narrow",
      );
    }
    const starts = series.map((each) => knownRows(each, model.targets));
    const rows = forecasts.flatMap((each, i) => forecastRows(each, starts[i], reading));
    await writeAnswers(rows, settings);
    if (Deno.stdout.isTerminal() && !json) show(forecasts, series, starts, reading);
    if (out !== undefined) print(`Saved ${printable(out)}: ${rows.length} rows.`);
    return 0;
  },
  stream: streamForecasts,
};

const MAX_STEPS = 1000; // in a request

/** The HTTP service of forecasting models. */
export const forecastServing = serveSeries<ForecastModel>({
  keepEnd: true,
  options: {
    horizon(value, { horizon, features }) {
      const most = features.length > 0 ? horizon : MAX_STEPS;
      return whole(1, most)(value);
    },
  },
  async answer(predictor, asked, options) {
    const { targets } = predictor.model;
    const series = asked.map(({ series }) => withFilledEnds(series, targets));
    const forecasts = await predictor.predict(series, options);
    return forecasts.map((each, i) => ({
      forecast: forecastRows(each, knownRows(series[i], targets), asked[i].reading)
        .map((row) => Object.fromEntries(row)),
    }));
  },
});

/** Prints a table and a chart for each series. */
function show(
  forecasts: readonly Forecast[],
  series: readonly Series[],
  starts: readonly number[],
  reading: SeriesReading,
): void {
  for (const [i, forecast] of forecasts.entries()) {
    const rows = forecastRows(forecast, starts[i], reading);
    const isWide = forecast.targets.length > SHOWN_TARGETS;
    const columns = rows[0].map((_, j) => j).filter((j) =>
      !isWide || typeof rows[0][j][1] !== "number" || rows[0][j][0].endsWith("_forecast")
    );
    const cell = (value: unknown) => typeof value === "number" ? number(value) : String(value);
    const shown = rows.slice(0, SHOWN_ROWS);
    for (
      const line of table([
        columns.map((j) => rows[0][j][0]),
        ...shown.map((row) => columns.map((j) => cell(row[j][1]))),
      ], forecast.name === undefined ? [0] : [0, 1])
    ) print(line);
    if (rows.length > shown.length) {
      print(`The first ${shown.length} of ${rows.length} rows; --out FILE has all.`);
    }
    print();
    for (const line of chartLines(viewOf(series[i], starts[i], forecast, 0, reading.time?.form))) {
      print(line);
    }
    print();
  }
}
