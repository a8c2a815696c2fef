/**
 * Models that give a series a number, before they are trained.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { SeriesModel } from "../model.ts";
import { type NumberLossName, numberLossOf } from "../network/losses/losses.ts";
import { numberProblem } from "../regression/number.ts";
import { type NumberScale, scaleOf } from "../regression/scale.ts";
import type { Sequence } from "../sequence.ts";
import { placeOfSeries, type SeriesInput } from "../series_classification/features.ts";
import {
  labelOf,
  type SeriesClassifierOptions,
  seriesModel,
} from "../series_classification/model.ts";
import type { Series } from "../series/series.ts";

/** A model that gives a whole series a number. */
export interface SeriesRegressionModel extends SeriesModel, SeriesInput {
  /** Its task. */
  task: "series-regression";
  /** The columns that it reads, by name. */
  columns: string[];
  /** The deviation of the noise that training adds to each number, once they are scaled. */
  noise: number;
  /** The deviation of the factor, about 1, by which training stretches each column of a series. */
  stretch: number;
  /** The loss that it is trained by. */
  loss: NumberLossName;
  /** What the numbers that it learned are like. */
  scale: NumberScale;
}

/** Options of {@linkcode createSeriesRegressor}. */
export interface SeriesRegressorOptions extends SeriesClassifierOptions {
  /** The loss of the scaled numbers. Default: `"huber"`. */
  loss?: NumberLossName;
  /** The deviation of the noise that training adds, as a regularizer. Default: 0.05. */
  noise?: number;
  /**
   * The deviation of the random factor on each column of a series in training. Default: 0, as a
   * number may well be how large a series is.
   */
  stretch?: number;
}

/**
 * An untrained model that gives whole series a number: their labels are numbers. It reads series as a
 * model of {@linkcode createSeriesClassifier} does; the numbers are scaled by their mean and standard
 * deviation, and predictions are in their own unit again.
 *
 * @throws {InputError} For a label that is no number, where all are the same, where a column or a
 *   number of a series is missing, and for an option that is out of range.
 *
 * @example
 * ```ts
 * import { createSeriesRegressor, type Series } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const series: Series[] = [1, 2, 6].map((height) => ({
 *   columns: ["x"],
 *   values: [Float64Array.from({ length: 12 }, (_, t) => height * Math.sin(t))],
 *   label: String(height),
 * }));
 * const model = createSeriesRegressor(series, { hidden: 8 });
 * assertEquals([model.columns, model.scale.mean, model.scale.median], [["x"], 3, 2]);
 * ```
 */
export function createSeriesRegressor(
  series: Sequence<Series>,
  options: SeriesRegressorOptions = {},
): SeriesRegressionModel {
  const { loss = "huber", noise = 0.05, stretch = 0 } = options;
  numberLossOf(loss); // which checks it
  let scale: NumberScale | undefined;
  const { config, vocabulary, weights, ...own } = seriesModel(series, {
    ...options,
    noise,
    stretch,
  }, {
    name: "createSeriesRegressor()",
    options: ["loss"],
    outputs() {
      scale = seriesScale(series);
      return 1;
    },
  });
  const numbers = { loss, scale: scale! };
  return { task: "series-regression", ...own, ...numbers, config, vocabulary, labels: [], weights };
}

/** The scale of the numbers of series. */
function seriesScale(series: Sequence<Series>): NumberScale {
  const labeled = Array.from(series, (each, i) => ({
    text: "",
    label: numberLabel(each, i),
    where: placeOfSeries(each, i),
  }));
  return scaleOf(labeled, series.at(0)?.where?.replace(/:\d+$/, ": ") ?? "");
}

/**
 * The label of a series, which is a number.
 *
 * @throws {InputError} Where it has none.
 */
export function numberLabel(series: Series, index: number): string {
  const label = labelOf(series, index), problem = numberProblem(label);
  if (problem === undefined) return label;
  throw new InputError(`${placeOfSeries(series, index)}: ${problem}`);
}
