/**
 * Recurrent networks that train on the user's own machine: the network, its loss and its
 * gradients, written against an abstract tensor interface that backends implement.
 *
 * The simplest network, its names and the training defaults are those of ["An Introduction to
 * Recurrent Neural Networks for Beginners"](https://victorzhou.com/blog/intro-to-rnns/) by Victor
 * Zhou, called "the article" from here on:
 *
 *     h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h)
 *     y   = h_n Why + b_y
 *
 * @example Train on four sentences, and predict the label of a text
 * ```ts
 * import { createModel, fit, predict } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * const examples = [
 *   { text: "good", label: "positive" },
 *   { text: "not bad", label: "positive" },
 *   { text: "bad", label: "negative" },
 *   { text: "not good", label: "negative" },
 * ];
 * const model = createModel(examples, { hidden: 16, init: "scaled" });
 * await fit(backend, model, examples);
 * const [prediction] = await predict(backend, model, ["Not bad!"]);
 * assertEquals(prediction.label, "positive");
 * ```
 *
 * @module
 */
import { NUMBER_TASKS } from "./number_tasks.ts";
import { addTasks } from "./tasks.ts";

addTasks(NUMBER_TASKS);

export * from "./inspect.ts";
export * from "./texts.ts";
export { fitLinear } from "./baseline/fit_linear.ts";
export { stalledAdvice } from "./training/divergence.ts";
export { linearLogits } from "./baseline/linear.ts";
export { calibrateForecaster, type ForecastCalibration } from "./calibrate.ts";
export {
  calibrateClassifier,
  type CalibrateOptions,
  refitCalibration,
} from "./calibrate_labels.ts";
export { calibrateLabelSets, fitLinearLabels } from "./calibrate_label_sets.ts";
export { calibrateTagger, fitLinearTagger } from "./calibrate_tags.ts";
export { type Fold, stratifiedFolds } from "./data/folds.ts";
export {
  type FilledEnd,
  knownRows,
  splitEnds,
  withFilledEnds,
  withKnownRows,
} from "./forecast/ends.ts";
export type {
  BandEvaluation,
  ForecastErrors,
  ForecastEvaluation,
  MethodEvaluation,
} from "./forecast/evaluate.ts";
export type { BandCalibration, Blend, ForecastModel } from "./forecast/form.ts";
export { createForecaster, type ForecastOptions } from "./forecast/model.ts";
export type { NaiveName } from "./forecast/naive.ts";
export type { Forecast, ForecastPredictOptions } from "./forecast/predict.ts";
export { rollingFolds, type SeriesPart, splitSeries } from "./forecast/series.ts";
export type { Rates } from "./multi_label/counts.ts";
export { chooseThresholds, type ChosenThreshold } from "./multi_label/thresholds.ts";
export type { MultiLabelEvaluation, PartFigures } from "./multi_label/evaluate.ts";
export {
  createMultiLabelClassifier,
  type MultiLabelModel,
  type MultiLabelOptions,
} from "./multi_label/model.ts";
export type { MultiLabelPrediction } from "./multi_label/predict.ts";
export { NUMBER_LOSSES, type NumberLossName } from "./network/losses/losses.ts";
export { type ForecastPlan, type ForecastPlanOptions, planForecast } from "./plan_forecast.ts";
export { type ReadingAdvice, recommendReading } from "./recommend_reading.ts";
export { recommendTaggedUnit } from "./recommend_tagger.ts";
export { recommendVectors } from "./recommend_vectors.ts";
export { recommendForecast, recommendSeriesClassifier } from "./recommend_series.ts";
export {
  createRegressor,
  type RegressionModel,
  type RegressionOptions,
} from "./regression/model.ts";
export type { NumberErrors, NumberPrediction, RegressionEvaluation } from "./regression/predict.ts";
export { fitRidge, ridgeOfWords } from "./regression/ridge.ts";
export type { NumberScale } from "./regression/scale.ts";
export { calendarColumns, type CalendarFeatures, calendarFeatures } from "./series/calendar.ts";
export { scaledValues, type Scaling, scalingOf, unscaledValues } from "./series/scaling.ts";
export type { ColumnOptions } from "./series/columns.ts";
export { dataColumnsOf } from "./series/data_columns.ts";
export type { NumberForm } from "./series/numbers.ts";
export { describeSeries } from "./series/describe_series.ts";
export {
  createSeriesReader,
  readSeries,
  type SeriesData,
  type SeriesOptions,
  type SeriesProblem,
  type SeriesReader,
  type SeriesReading,
} from "./series/read_series.ts";
export { autocorrelation, findSeason, findSeasons } from "./series/season.ts";
export type { Series } from "./series/series.ts";
export {
  STROKE_SPACING,
  strokeBeginnings,
  strokeNovelty,
  type StrokeOptions,
  strokeProgress,
  strokeSeries,
  strokeSpacing,
} from "./series/strokes.ts";
export { describeStep, timeAfter, type TimeStep } from "./series/time_steps.ts";
export { formatTime, type TimeForm, timeReader } from "./series/times.ts";
export {
  createSeriesClassifier,
  type SeriesClassificationModel,
  type SeriesClassifierOptions,
} from "./series_classification/model.ts";
export {
  type NearestNeighbor,
  nearestNeighbor,
  type NearestNeighborOptions,
} from "./series_classification/nearest.ts";
export type { SeriesInput } from "./series_classification/features.ts";
export type { SeriesPrediction } from "./series_classification/predict.ts";
export {
  createSeriesRegressor,
  type SeriesRegressionModel,
  type SeriesRegressorOptions,
} from "./series_regression/model.ts";
export type { SeriesNumberPrediction } from "./series_regression/predict.ts";
export { entitiesIn, type Entity, tagSchemeOf } from "./tagging/entities.ts";
export { recommendCrf } from "./tagging/recommend.ts";
export { type EnsembleOptions, trainEnsemble } from "./train_ensemble.ts";
export { isPretrained, type Pretrained, pretrainedTokenizer } from "./transfer/pretrained.ts";
export { EXPLAIN_METHODS, explainAnswers } from "./why/explain.ts";
export { wordPlaces } from "./text/word_places.ts";
export { type RightAnswer, typicalAnswers } from "./why/typical.ts";
