/**
 * Calibration of forecasters: blending with naive forecasts, and bands with the promised coverage.
 *
 * @module
 */
import type { Backend } from "./backend.ts";
import { InputError } from "./errors.ts";
import { calibrationOf } from "./forecast/band.ts";
import type { BandCalibration, Blend, ForecastModel } from "./forecast/form.ts";
import { createForecaster } from "./forecast/model.ts";
import { rowsOf, type SeriesPart, splitSeries } from "./forecast/series.ts";
import { forecast } from "./forecast/task.ts";
import { windowsOf } from "./forecast/windows.ts";
import { opsOf } from "./ops/checked_ops.ts";
import type { Sequence } from "./sequence.ts";
import { withWeights } from "./task.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./training/options.ts";

const ASIDE = 0.2; // fraction of the rows held out for the second network; at least two horizons

/** The result of a calibration. */
export interface ForecastCalibration {
  /** How the forecasts are now blended with naive ones; missing if they are better unblended. */
  blend?: Blend;
  /** How the band is corrected; missing if the series are too short to estimate this. */
  band?: BandCalibration;
}

/**
 * Calibrates a trained forecaster, in place, from its errors on the validation series. Without
 * validation series, uses the errors of a second network, which is trained in the same way but
 * without the end of each series, and forecasts that end.
 *
 * The band is corrected so that it covers the promised fraction of values like these (conformalized
 * quantile regression: Romano, Patterson and Candès 2019). No method can guarantee this for windows
 * that overlap, or for a future that differs from the past. If a weighted mean of the network's and
 * naive forecasts is clearly better than the network alone, as for a random walk, the model returns
 * that mean (Bates and Granger 1969).
 *
 * Nothing runs until the generator is iterated; it yields regularly so that other work can run.
 *
 * @param examples The series that the model was trained on.
 * @param training The options of `train` that the model was trained with.
 * @returns The result of the calibration; empty if the series are too short, or on an abort.
 *
 * @example
 * ```ts
 * import { calibrateForecaster, createForecaster, fit, type Series } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const wave = Float64Array.from({ length: 96 }, (_, t) => Math.sin(t * Math.PI / 6) + t % 5 / 9);
 * const series: Series[] = [{ columns: ["wave"], values: [wave] }];
 * const model = createForecaster(series, { horizon: 6, hidden: 8 });
 * const training = { epochs: 20, optimizer: { name: "adam" }, learningRate: 0.01 } as const;
 * const backend = createCpuBackend();
 * await fit(backend, model, series, training);
 * const turns = calibrateForecaster(backend, model, series, training);
 * while (!(await turns.next()).done);
 * assertEquals(model.band?.windows, 14); // of the last 19 rows
 * ```
 */
export async function* calibrateForecaster(
  backend: Backend,
  model: ForecastModel,
  examples: Sequence<SeriesPart>,
  training: TrainOptions<SeriesPart> = {},
): AsyncGenerator<void, ForecastCalibration, void> {
  const { validation = [], signal } = training;
  const calibrated = async (by: ForecastModel, series: Sequence<SeriesPart>) => {
    const found = await withWeights(
      opsOf(backend),
      forecast,
      by,
      (on) => calibrationOf(on, windowsOf(by, series)),
    );
    if (found?.blend) model.blend = found.blend;
    if (found && model.quantiles.length > 0) model.band = found.band;
    return found ?? {};
  };
  delete model.band;
  delete model.blend;
  if (validation.length > 0) return await calibrated(model, validation);
  try {
    const { train: earlier, rest } = withoutEnds(examples, model);
    const second = createForecaster(earlier, { ...optionsOf(model), seed: training.seed });
    const { resume: _, checkpointEvery: __, test: ___, ...options } = training;
    for await (const { type } of train(backend, second, earlier, options)) {
      if (type === "progress") yield;
    }
    if (!signal?.aborted) return await calibrated(second, rest);
  } catch (error) {
    if (!(error instanceof InputError)) throw error; // too few rows, or a constant series
  }
  return {};
}

/** The options that a model was created with. */
function optionsOf(model: ForecastModel) {
  const { config, targets, features, knownAhead, calendar, log, loss, quantiles } = model;
  const { horizon, window, segment, season } = model;
  const { cell, activation, hidden, layers, dropout, recurrentDropout } = config;
  return {
    ...{ cell, activation, hidden, layers, dropout, targets, features, knownAhead, log, loss },
    recurrentDropout,
    ...{ quantiles, horizon, window, segment, season, calendar: calendar.length > 0 },
  };
}

/** Splits off the end of each series; a series that is too short is used whole for training. */
function withoutEnds(examples: Sequence<SeriesPart>, { horizon, window }: ForecastModel) {
  const train: SeriesPart[] = [], rest: SeriesPart[] = [];
  for (const series of examples) {
    const rows = rowsOf(series) - (series.from ?? 0);
    const most = rows - window - horizon; // leaves one window to train on
    const aside = Math.min(most, Math.max(2 * horizon, Math.round(ASIDE * rows)));
    if (aside < horizon) {
      train.push(series);
      continue;
    }
    const parts = splitSeries(series, aside);
    train.push(parts.train);
    rest.push(parts.validation);
  }
  if (rest.length === 0) throw new InputError("the series are too short to be split");
  return { train, rest };
}
