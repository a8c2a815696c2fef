/**
 * The data structure of a model that forecasts series.
 *
 * @module
 */
import type { SeriesModel, Shell } from "../model.ts";
import type { NumberLossName } from "../network/losses/losses.ts";
import type { Scaling } from "../series/scaling.ts";
import type { TimeStep } from "../series/time_steps.ts";

/** The correction of the distances between the quantiles and the forecast. */
export interface BandCalibration {
  /** The number of held-out windows of each target that it was measured on. */
  windows: number;
  /** How many of these do not overlap, over all targets: the others add little. */
  apart: number;
  /** The number of parts of the horizon, each with its own factors. */
  parts: number;
  /** For each quantile, the factor of each part of each target, target by target. */
  factors: number[][];
  /** For each quantile, what is added to the distance for each target, in scaled values. */
  margins: number[][];
}

/** A weighted mean of a network's forecast and a naive one. */
export interface Blend {
  /** The naive forecast. */
  naive: "last value" | "seasonal naive";
  /** The weight of the network's forecast, at least 0 and below 1; the naive one has the rest. */
  weight: number;
}

/** A model that forecasts series. */
export interface ForecastModel extends SeriesModel {
  /** Its task. */
  task: "forecast";
  /** The columns that it forecasts, which come first among its columns. */
  targets: string[];
  /** Columns that help and are known up to now, read with every target. */
  features: string[];
  /** Columns that help and are also known for the horizon. */
  knownAhead: string[];
  /** The columns computed from the time of each row, such as `hour_sin`. */
  calendar: string[];
  /** The time between consecutive rows, if the series have times. */
  step?: TimeStep;
  /** The forecast horizon: how many rows it forecasts at once. */
  horizon: number;
  /** The window: how many rows it reads. */
  window: number;
  /** The number of rows in one time step of the network. */
  segment: number;
  /** The season in rows, for the naive forecasts; 1 for none. */
  season: number;
  /** The loss of its forecasts. */
  loss: NumberLossName;
  /** The quantiles that it predicts with each forecast, such as 0.05 and 0.95, increasing. */
  quantiles: number[];
  /** Whether targets are replaced by their logarithm before scaling. */
  log: boolean;
  /** The scaling of its columns, after the logarithm, from the training part alone. */
  scaling: Scaling;
  /** For each target, the mean absolute error of seasonal naive forecasts in training. */
  naiveErrors: number[];
  /** The naive forecast that its forecasts are blended with, if that was measured to be better. */
  blend?: Blend;
  /** The correction of its quantiles, once calibrated: see `calibrateForecaster`. */
  band?: BandCalibration;
}

/** A forecaster without its weights: what decides their shapes. */
export type ForecastForm = Shell<ForecastModel>;

/** Returns the number of segments in the window and in the horizon. */
export function stepsOf({ window, horizon, segment }: ForecastForm): [read: number, ahead: number] {
  return [window / segment, Math.ceil(horizon / segment)];
}

/** Returns how many values of a row are known ahead: columns and calendar features. */
export function knownWidth({ knownAhead, calendar }: ForecastForm): number {
  return knownAhead.length + calendar.length;
}

/** Returns how many values of a row are read: the target, the features and those known ahead. */
export function readWidth(form: ForecastForm): number {
  return 1 + form.features.length + knownWidth(form);
}
