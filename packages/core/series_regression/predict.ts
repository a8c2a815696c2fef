/**
 * The number that a model predicts for a series, and how good these numbers are.
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

/** What a regression model predicts for a series. */
export interface SeriesNumberPrediction {
  /** What the series is called, or where it stands; its number where it has neither. */
  name: string;
  /** The number, in the unit of the training series. */
  value: number;
  /** How many rows the series has. */
  rows: number;
}

/** The number for each series. */
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

/** How well a model does on series; a mistake's text is the name of its series. */
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
