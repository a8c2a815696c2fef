/**
 * Predicts numbers for series, and evaluates the predictions.
 *
 * @module
 */
import { metricsOf } from "../classification/number_training.ts";
import { InputError } from "../errors.ts";
import { requireFinite } from "../ops/reading.ts";
import { numberIn } from "../regression/number.ts";
import { numberFigures, type RegressionEvaluation } from "../regression/predict.ts";
import { regressionGoal } from "../regression/training.ts";
import type { Sequence } from "../sequence.ts";
import { encodeInputs } from "../series_classification/encode.ts";
import { nameOf } from "../series_classification/predict.ts";
import type { Series } from "../series/series.ts";
import type { Uploaded } from "../task.ts";
import { resultOf } from "../training/training_task.ts";
import type { SeriesRegressionModel } from "./model.ts";
import { encodeSeriesNumbers, measureSeriesNumbers } from "./training.ts";

/** The prediction for a series. */
export interface SeriesNumberPrediction {
  /** The name of the series, or else its place in the data, or else its number. */
  name: string;
  /** The predicted number, in the unit of the training labels. */
  value: number;
  /** The number of rows of the series. */
  rows: number;
}

/** Predicts the number of each series. */
export async function predictSeriesNumbers(
  on: Uploaded<SeriesRegressionModel>,
  series: readonly Series[],
): Promise<SeriesNumberPrediction[]> {
  const { mean, deviation } = on.model.scale;
  const encoded = series.map((each, i) => encodeInputs(on.model, each, i));
  const measuring = measureSeriesNumbers(on, encoded, undefined, requireFinite);
  const { outputs } = await resultOf(measuring);
  const values = outputs.map((y) => mean + deviation * y);
  requireFinite(values, "numbers");
  return series.map((each, i) => ({
    name: nameOf(each, i),
    value: values[i],
    rows: each.values[0].length,
  }));
}

/** Evaluates a model on labeled series; a mistake's text is the name of its series. */
export async function evaluateSeriesNumbers(
  on: Uploaded<SeriesRegressionModel>,
  series: Sequence<Series>,
): Promise<RegressionEvaluation> {
  const { model } = on, goal = regressionGoal(model);
  if (series.length === 0) throw new InputError("there are no series to evaluate on");
  const encoded = encodeSeriesNumbers(model, series);
  const measured = await resultOf(measureSeriesNumbers(on, encoded, goal, requireFinite));
  const actual = Float64Array.from(encoded, ({ labels }) => numberIn(labels));
  return {
    ...numberFigures(model.scale, actual, measured.outputs, (i) => nameOf(series.at(i)!, i)),
    loss: metricsOf(measured, goal).loss,
    unknownTexts: 0,
  };
}
