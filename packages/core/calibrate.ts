/**
 * Forecasts no worse than naive ones, and bands that hold as much as they say.
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

const ASIDE = 0.2; // of the rows, that a second network is measured on, but no less than two horizons

/** What a calibration came to. */
export interface ForecastCalibration {
  /** What its forecasts are now blended with; none where they are better alone. */
  blend?: Blend;
  /** How its band is corrected; none where the series are too short to tell. */
  band?: BandCalibration;
}

/**
 * Calibrates a trained forecaster, in place: by its errors on the validation series or, where all was
 * learned, by those of a second network, which is trained in the same way without the end of the
 * series and forecasts that.
 *
 * The band is corrected to hold what it says of values that are like those (conformalized quantile
 * regression: Romano, Patterson and Candès 2019). Of rows that overlap, and of times to come that are
 * unlike, no method can promise that. Where a mean of the forecasts and naive ones is clearly better
 * than the network's alone, as of a random walk, the model gives that (Bates and Granger 1969).
 *
 * Nothing is done before it is iterated; it gives a turn now and then.
 *
 * @param examples What the model has learned.
 * @param training How: the options of `train`.
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
    if (!(error instanceof InputError)) throw error; // too few rows, or none that differ
  }
  return {};
}

/** The options that a model was made with. */
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

/** Series without their ends, and these; a series that is too short is learned whole. */
function withoutEnds(examples: Sequence<SeriesPart>, { horizon, window }: ForecastModel) {
  const train: SeriesPart[] = [], rest: SeriesPart[] = [];
  for (const series of examples) {
    const rows = rowsOf(series) - (series.from ?? 0);
    const most = rows - window - horizon; // one window to learn
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
