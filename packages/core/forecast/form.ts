/**
 * What a model that forecasts series is.
 *
 * @module
 */
import type { SeriesModel, Shell } from "../model.ts";
import type { CalendarFeature } from "./calendar.ts";
import type { ErrorLossName } from "./loss.ts";
import type { Scale } from "./scaling.ts";

/** A model that forecasts series. */
export interface ForecastModel extends SeriesModel {
  /** Its task. */
  task: "forecast";
  /** The columns that it forecasts, the first of its columns. */
  targets: string[];
  /** Columns that are known up to now, read beside every target. */
  features: string[];
  /** Columns that are known for the horizon too. */
  knownAhead: string[];
  /** What is read of the time of each row. */
  calendar: CalendarFeature[];
  /** How many rows it forecasts at once. */
  horizon: number;
  /** How many rows it reads. */
  window: number;
  /** How many rows make one step of the network. */
  segment: number;
  /** How many rows make a season, for the naive forecasts; 1 for none. */
  season: number;
  /** The loss of its forecasts. */
  loss: ErrorLossName;
  /** The probabilities of the values that it gives beside each forecast, such as 0.05 and 0.95. */
  quantiles: number[];
  /** How each of its columns is scaled, by the training part alone. */
  scales: Scale[];
  /** Of each target, the mean absolute error of seasonal naive forecasts in the training part. */
  naiveErrors: number[];
}

/** What decides the shapes of a forecaster's weights. */
export type ForecastForm = Shell<ForecastModel>;

/** How many steps read the window, and how many give the horizon. */
export function stepsOf({ window, horizon, segment }: ForecastForm): [read: number, ahead: number] {
  return [window / segment, Math.ceil(horizon / segment)];
}

/** How many numbers of a row are known ahead: columns, and sines and cosines of the calendar. */
export function knownWidth({ knownAhead, calendar }: ForecastForm): number {
  return knownAhead.length + 2 * calendar.length;
}

/** How many numbers of a row are read: a target's, those of features, and what is known ahead. */
export function readWidth(form: ForecastForm): number {
  return 1 + form.features.length + knownWidth(form);
}
