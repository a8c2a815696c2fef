/**
 * Plans a forecast: the recommended forecaster for series, and their training and validation parts.
 *
 * @module
 */
import { splitEnds } from "./forecast/ends.ts";
import type { ForecastModel } from "./forecast/form.ts";
import { createForecaster, type ForecastOptions } from "./forecast/model.ts";
import type { SeriesPart } from "./forecast/series.ts";
import type { Recommendation } from "./recommend.ts";
import { recommendForecast } from "./recommend_series.ts";

const HORIZON = 12; // if none is given
const LEFT = 4; // horizons that must remain for training before some rows are held out

/** Options of {@linkcode planForecast}. */
export interface ForecastPlanOptions {
  /** The validation split: the fraction of the rows held out. Default: as recommended. */
  validation?: number;
  /** The validation split if none is recommended. Default: 0. */
  orElse?: number;
  /** A model to continue training. Default: a new model. */
  model?: ForecastModel;
}

/** A model and its data. */
export interface ForecastPlan {
  /** The recommendation. */
  advice: Recommendation<ForecastOptions>;
  /** The model. */
  model: ForecastModel;
  /** The training series. */
  examples: SeriesPart[];
  /** The validation series, which choose the best epoch; empty if the series are short. */
  validation: SeriesPart[];
}

/**
 * Plans a forecast: creates a forecaster, and splits the series into training and validation parts.
 * The end of long series is held out, to choose the best epoch; options that are not given are
 * those of {@linkcode recommendForecast}.
 *
 * @param all All series.
 * @param asked The options of the network that are given.
 *
 * @example
 * ```ts
 * import { planForecast } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const sold = Float64Array.from({ length: 120 }, (_, t) => Math.sin(t * Math.PI / 6));
 * const plan = planForecast([{ columns: ["sold"], values: [sold] }], { horizon: 6 });
 * assertEquals([plan.model.season, plan.examples.length, plan.validation.length], [12, 1, 0]);
 * ```
 */
export function planForecast(
  all: readonly SeriesPart[],
  asked: ForecastOptions = {},
  options: ForecastPlanOptions = {},
): ForecastPlan {
  const { validation, orElse = 0, model } = options;
  const { horizon = HORIZON } = model ?? asked;
  const settled = model ? optionsOf(model) : asked;
  const advice = recommendForecast(all, settled);
  const fraction = validation ?? (advice.validation || orElse);
  // A short series needs all its rows for training, unless a validation split is given.
  const left = validation === undefined ? LEFT * horizon : 1;
  const { train: examples, rest } = fraction > 0
    ? splitEnds(all, fraction, { aside: horizon, left })
    : { train: [...all], rest: [] };
  return {
    advice,
    model: model ?? createForecaster(examples, recommendForecast(examples, settled).network),
    examples,
    validation: rest,
  };
}

/** The options of an existing model. */
function optionsOf(model: ForecastModel): ForecastOptions {
  const { targets, features, knownAhead, horizon, window, segment, season } = model;
  return { targets, features, knownAhead, horizon, window, segment, season };
}
