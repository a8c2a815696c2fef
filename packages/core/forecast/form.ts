/**
 * What a model that forecasts series is.
 *
 * @module
 */
import type { SeriesModel, Shell } from "../model.ts";
import type { NumberLossName } from "../network/losses/losses.ts";
import type { Scaling } from "../series/scaling.ts";
import type { TimeStep } from "../series/time_steps.ts";

/** What the distances of quantiles from the forecast are corrected by. */
export interface BandCalibration {
  /** How many windows that were not learned it was found on, of each target. */
  windows: number;
  /** How many of these do not overlap, over all targets: what the others add is little. */
  apart: number;
  /** How many parts the horizon has, each with factors of its own. */
  parts: number;
  /** For each quantile: the factor of each part of each target, target by target. */
  factors: number[][];
  /** For each quantile: what is added to the distance of each target. */
  margins: number[][];
}

/** A mean of a network's forecasts and naive ones. */
export interface Blend {
  /** The naive forecast. */
  naive: "last value" | "seasonal naive";
  /** What the network's forecast weighs, from 0 to below 1; the naive one weighs the rest. */
  weight: number;
}

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
  /** The columns that are made of the time of each row, such as `hour_sin`. */
  calendar: string[];
  /** The time from a row to the next, where the series have times. */
  step?: TimeStep;
  /** How many rows it forecasts at once. */
  horizon: number;
  /** How many rows it reads. */
  window: number;
  /** How many rows make one step of the network. */
  segment: number;
  /** How many rows make a season, for the naive forecasts; 1 for none. */
  season: number;
  /** The loss of its forecasts. */
  loss: NumberLossName;
  /** The probabilities of the values that it gives beside each forecast, such as 0.05 and 0.95. */
  quantiles: number[];
  /** Whether the logarithm of the targets is taken first. */
  log: boolean;
  /** What its columns are scaled by, after the logarithm: of the training part alone. */
  scaling: Scaling;
  /** Of each target, the mean absolute error of seasonal naive forecasts in the training part. */
  naiveErrors: number[];
  /** What its forecasts are blended with, where that was measured to be better. */
  blend?: Blend;
  /** What its quantiles are corrected by, once that was measured: see `calibrateForecaster`. */
  band?: BandCalibration;
}

/** What decides the shapes of a forecaster's weights. */
export type ForecastForm = Shell<ForecastModel>;

/** How many steps read the window, and how many give the horizon. */
export function stepsOf({ window, horizon, segment }: ForecastForm): [read: number, ahead: number] {
  return [window / segment, Math.ceil(horizon / segment)];
}

/** How many numbers of a row are known ahead: columns, and what the calendar says. */
export function knownWidth({ knownAhead, calendar }: ForecastForm): number {
  return knownAhead.length + calendar.length;
}

/** How many numbers of a row are read: a target's, those of features, and what is known ahead. */
export function readWidth(form: ForecastForm): number {
  return 1 + form.features.length + knownWidth(form);
}
