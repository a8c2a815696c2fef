/**
 * Recommends models and training options for new series.
 *
 * @module
 */
import { cutOf, growInProportion } from "./forecast/advice.ts";
import type { ForecastOptions } from "./forecast/model.ts";
import { type Recommendation, VALIDATION } from "./recommend.ts";
import type { Sequence } from "./sequence.ts";
import type { Series } from "./series/series.ts";
import type { SeriesClassifierOptions } from "./series_classification/model.ts";

// Enough training, as measured on 67 series of 24 rows and 40 of 100: rows read in total, and
// steps. More steps overfit.
const ENOUGH_ROWS = 325_000, ENOUGH_STEPS = 300;
const ENOUGH_SERIES = 300; // with fewer, a validation split costs more than it helps

/**
 * Recommends a classifier of series and training options: a bidirectional GRU with mean and max
 * pooling, trained with AdamW and a learning rate that decays to zero. A few dozen series are
 * enough, as noise and time stretching augment them.
 *
 * @example
 * ```ts
 * import { recommendSeriesClassifier, type Series } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const series: Series[] = Array.from({ length: 40 }, () => ({
 *   columns: ["x"],
 *   values: [new Float64Array(100)],
 *   label: "flat",
 * }));
 * const { training, validation } = recommendSeriesClassifier(series);
 * assertEquals([training.batchSize, training.epochs, validation], [16, 100, 0]);
 * ```
 */
export function recommendSeriesClassifier(
  series: Sequence<Series>,
): Recommendation<SeriesClassifierOptions> {
  const isSmall = series.length < ENOUGH_SERIES;
  const validation = isSmall ? 0 : VALIDATION;
  const batchSize = series.length < 5000 ? 16 : 64;
  const steps = Math.ceil(series.length * (1 - validation) / batchSize); // of an epoch
  let rows = 0;
  for (const { values: [values] } of series) rows += values.length;
  const enough = Math.max(ENOUGH_ROWS / Math.max(1, rows), ENOUGH_STEPS / steps);
  const epochs = Math.min(200, Math.max(30, Math.ceil(enough)));
  return {
    network: {
      cell: "gru",
      hidden: 64,
      bidirectional: true,
      dropout: 0.3,
      head: "mean-max",
      init: "scaled",
    },
    training: {
      epochs,
      batchSize,
      optimizer: { name: "adamw", weightDecay: 0.01 },
      learningRate: 0.003,
      schedule: { name: "cosine" },
      clip: Infinity,
      clipNorm: 1,
    },
    validation,
  };
}

const FEW_WINDOWS = 2000; // with fewer, all are needed for training
// Steps of 16 windows, after which a network starts to memorize few windows: without a season there
// is little to learn, and the rest is noise.
const FEW_STEPS = 1000, FEW_WITHOUT_SEASON = 200;
const SOME_WINDOWS = 7500; // with fewer, high dropout prevents learning even a clear season
const MANY_WINDOWS = 20_000; // from here on, a hidden size of 128 is better than 64
const STEPS = 3000; // of 64 windows
const LAST_FACTOR = 0.07; // on the learning rate, by the end of the last epoch

/**
 * Recommends a forecaster and training options: a GRU that reads whole seasons as one time step,
 * wider for more rows, trained with Adam and a learning rate that decays. With many rows, the last
 * ones are held out for validation, with early stopping; with few, all are used for training. The
 * forecaster works on logarithms if all targets vary in proportion to their size.
 *
 * @param options The options that are given, such as targets, horizon and season; these are kept.
 *
 * @example
 * ```ts
 * import { recommendForecast } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const sales = Float64Array.from({ length: 120 }, (_, t) => Math.sin(t * Math.PI / 6));
 * const { network, validation } = recommendForecast([{ columns: ["sales"], values: [sales] }]);
 * assertEquals([network.season, network.segment, network.window, validation], [12, 12, 24, 0]);
 * ```
 */
export function recommendForecast(
  series: Sequence<Series>,
  options: ForecastOptions = {},
): Recommendation<ForecastOptions> {
  const all = Array.from(series), { horizon = 12, features = [], knownAhead = [] } = options;
  const targets = options.targets ??
    all[0]?.columns.filter((name) => ![...features, ...knownAhead].includes(name)) ?? [];
  const asked = options.season === undefined ? undefined : [options.season].flat();
  const { windows, seasons, ...cut } = cutOf(all, targets, horizon, asked);
  const season = seasons.length > 1 ? seasons : seasons.at(0) ?? 1;
  const log = growInProportion(all, targets, seasons.at(0) ?? 1);
  const isFew = windows < FEW_WINDOWS;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const isCut = options.window !== undefined || options.segment !== undefined;
  const network: ForecastOptions = {
    cell: "gru",
    hidden: isFew ? 32 : windows < MANY_WINDOWS ? 64 : 128,
    dropout: isFew ? 0.1 : windows < SOME_WINDOWS ? 0.2 : 0.5,
    horizon,
    season,
    ...(isCut ? {} : cut),
    log,
    ...Object.fromEntries(given),
  };
  const common = { optimizer: { name: "adam" }, clip: Infinity } as const;
  if (isFew) {
    const steps = seasons.some((each) => each > 1) ? FEW_STEPS : FEW_WITHOUT_SEASON;
    const epochs = Math.ceil(steps / Math.max(1, Math.ceil(windows / 16)));
    const training = { ...common, epochs: Math.min(300, Math.max(10, epochs)), batchSize: 16 };
    const schedule = { name: "cosine" } as const;
    return { network, training: { ...training, learningRate: 0.003, schedule }, validation: 0 };
  }
  const isMany = windows >= MANY_WINDOWS;
  const epochs = isMany ? 12 : Math.min(40, Math.max(12, Math.ceil(STEPS * 64 / windows)));
  return {
    network,
    training: {
      ...common,
      epochs,
      batchSize: isMany ? 256 : 64,
      learningRate: 0.001,
      schedule: {
        name: "step",
        every: 1,
        factor: isMany ? 0.8 : Number((LAST_FACTOR ** (1 / epochs)).toFixed(3)),
      },
      patience: 5,
    },
    validation: 0.15,
  };
}
