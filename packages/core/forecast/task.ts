/**
 * The task of forecasting series.
 *
 * @module
 */
import type { Series } from "../series/series.ts";
import type { Task } from "../task.ts";
import { evaluateForecasts, type ForecastEvaluation } from "./evaluate.ts";
import { forecastFile } from "./file.ts";
import type { ForecastModel } from "./form.ts";
import { forecastShapes } from "./network.ts";
import { type Forecast, type ForecastPredictOptions, predictForecasts } from "./predict.ts";
import { forecastTraining } from "./training.ts";
import { type Window, windowsOf } from "./windows.ts";

/** The task of models created by `createForecaster`. */
export const forecast: Task<
  ForecastModel,
  Forecast,
  ForecastPredictOptions,
  ForecastEvaluation,
  Series,
  Series,
  Window
> = {
  name: "forecast",
  models: "forecasters",
  usage: "this is a forecaster; use predict() with series",
  trainOptions: [],
  shapes: forecastShapes,
  encode: windowsOf,
  training: forecastTraining,
  predict: predictForecasts,
  evaluate: evaluateForecasts,
  file: { ...forecastFile, claims: (task) => task === forecast.name },
};
