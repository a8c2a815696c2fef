/**
 * Creates untrained models that predict a number for a series.
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

/** A model that predicts a number for a whole series. */
export interface SeriesRegressionModel extends SeriesModel, SeriesInput {
  /** Its task. */
  task: "series-regression";
  /** The columns that it reads, by name. */
  columns: string[];
  /** The standard deviation of the noise that training adds to each scaled value. */
  noise: number;
  /** The standard deviation of the factor around 1 that training scales each column by. */
  stretch: number;
  /** The loss that it is trained with. */
  loss: NumberLossName;
  /** The mean, standard deviation and median of its training labels. */
  scale: NumberScale;
}

/** Options of {@linkcode createSeriesRegressor}. */
export interface SeriesRegressorOptions extends SeriesClassifierOptions {
  /** The loss of the scaled numbers. Default: `"huber"`. */
  loss?: NumberLossName;
  /** The standard deviation of the noise that training adds, a regularizer. Default: 0.05. */
  noise?: number;
  /**
   * The standard deviation of the random factor on each column in training. Default: 0, as the
   * label may well depend on the size of the values.
   */
  stretch?: number;
}

/**
 * Creates an untrained model that predicts a number for a whole series. The labels are numbers,
 * which are scaled by their mean and standard deviation; predictions are in the unit of the labels.
 * The model reads series as one of {@linkcode createSeriesClassifier} does.
 *
 * @throws {InputError} If a label is not a number, all labels are the same, a column or a value of
 *   a series is missing, all series are constant, or an option is out of range.
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
  numberLossOf(loss); // throws if there is no such loss
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

/** Returns the scale of the labels of series. */
function seriesScale(series: Sequence<Series>): NumberScale {
  const labeled = Array.from(series, (each, i) => ({
    text: "",
    label: numberLabel(each, i),
    where: placeOfSeries(each, i),
  }));
  return scaleOf(labeled, series.at(0)?.where?.replace(/:\d+$/, ": ") ?? "");
}

/**
 * Returns the label of a series, after checking that it is a number.
 *
 * @throws {InputError} If it has no label, or the label is not a number.
 */
export function numberLabel(series: Series, index: number): string {
  const label = labelOf(series, index), problem = numberProblem(label);
  if (problem === undefined) return label;
  throw new InputError(`${placeOfSeries(series, index)}: ${problem}`);
}
