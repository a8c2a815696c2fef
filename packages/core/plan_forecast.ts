/**
 * A forecaster and what it learns, as recommended for series.
 *
 * @module
 */
import { splitEnds } from "./forecast/ends.ts";
import type { ForecastModel } from "./forecast/form.ts";
import { createForecaster, type ForecastOptions } from "./forecast/model.ts";
import type { SeriesPart } from "./forecast/series.ts";
import type { Recommendation } from "./recommend.ts";
import { recommendForecast } from "./recommend_series.ts";

const HORIZON = 12; // where none is given
const LEFT = 4; // horizons that a series must have for training, for some to be held out

/** Options of {@linkcode planForecast}. */
export interface ForecastPlanOptions {
  /** The fraction of the rows to choose the best epoch by. Default: as recommended. */
  validation?: number;
  /** The fraction where none is recommended. Default: 0. */
  orElse?: number;
  /** A model to go on with. Default: a new one. */
  model?: ForecastModel;
}

/** A model, and what it is trained on. */
export interface ForecastPlan {
  /** What was recommended. */
  advice: Recommendation<ForecastOptions>;
  /** The model. */
  model: ForecastModel;
  /** What it learns. */
  examples: SeriesPart[];
  /** What the best epoch is chosen by; none where the series are short. */
  validation: SeriesPart[];
}

/**
 * A forecaster for series and what it learns: the end of long ones is set apart, to choose the epoch
 * by, and what is not settled is as {@linkcode recommendForecast} says.
 *
 * @param asked What is settled of the network.
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
  // Of a short series nothing is held out that it cannot do without, unless that is asked for.
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

/** What a model that is there has settled. */
function optionsOf(model: ForecastModel): ForecastOptions {
  const { targets, features, knownAhead, horizon, window, segment, season } = model;
  return { targets, features, knownAhead, horizon, window, segment, season };
}
