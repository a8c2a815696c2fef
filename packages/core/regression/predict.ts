/**
 * Predictions of regression models, and their evaluation.
 *
 * @module
 */
import { sentencesOf } from "../classification/predict.ts";
import { allLogits, arrange } from "../classification/measure.ts";
import { measureAllNumbers, metricsOf } from "../classification/number_training.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { Sequence } from "../sequence.ts";
import { networksOf, type Uploaded } from "../task.ts";
import { countUnknown, wordsRead } from "../text/vocabulary.ts";
import { encodeNumbers } from "./encode.ts";
import { mappedNumber } from "./linear_map.ts";
import type { RegressionModel } from "./model.ts";
import { numberIn } from "./number.ts";
import type { NumberScale } from "./scale.ts";
import { regressionGoal } from "./training.ts";

/** A regression model's prediction for a text. */
export interface NumberPrediction {
  /** The text. */
  text: string;
  /** The predicted number, in the unit of the examples. */
  value: number;
  /** The number of words in the text, or of letters for a model that reads letters. */
  words: number;
  /** The words that the model does not know; if it knows none, the prediction is meaningless. */
  unknownWords: string[];
}

/** Prediction errors, in the unit of the examples. */
export interface NumberErrors {
  /** The mean absolute error (MAE). */
  mae: number;
  /** The root mean squared error (RMSE). */
  rmse: number;
}

/** The evaluation of a regression model. */
export interface RegressionEvaluation extends NumberErrors {
  /** The mean loss, of scaled numbers. */
  loss: number;
  /** R²: 1 - Σ errors² / Σ deviations² from the mean of these examples; NaN if all are equal. */
  r2: number;
  /** The errors of always predicting the mean, or the median, of the training examples. */
  baselines: { mean: NumberErrors & { value: number }; median: NumberErrors & { value: number } };
  /** The errors of the linear map of the words, for a model that has one. */
  ridge?: NumberErrors;
  /** The number of texts without a word that the model knows. */
  unknownTexts: number;
  /** The largest errors, largest first: at most ten. */
  mistakes: { text: string; actual: number; predicted: number }[];
}

const MAX_MISTAKES = 10;

/** Predicts a number for each text. */
export async function predictNumbers(
  on: Uploaded<RegressionModel>,
  texts: readonly string[],
): Promise<NumberPrediction[]> {
  if (texts.length === 0) return [];
  const { ops, model } = on;
  const { config, scale: { mean, deviation } } = model;
  const { tokens, sentences } = sentencesOf(model, texts);
  const [y] = await readAndDispose(
    ops,
    ops.scope(() => [allLogits(ops, config, networksOf(on), arrange(ops, model, sentences))]),
  );
  const values = Float64Array.from(y, (each) => mean + deviation * each);
  requireFinite(values, "numbers");
  return texts.map((text, i) => ({
    text,
    value: values[i],
    ...wordsRead(tokens[i], sentences[i]),
  }));
}

/** Evaluates a model on examples; throws an `InputError` if there are none. */
export async function evaluateNumbers(
  on: Uploaded<RegressionModel>,
  examples: Sequence<Example>,
): Promise<RegressionEvaluation> {
  if (examples.length === 0) throw new InputError("there are no examples to evaluate on");
  const { ops, model } = on, networks = networksOf(on);
  const encoded = encodeNumbers(model, examples), goal = regressionGoal(model);
  const measured = await measureAllNumbers(ops, model, networks, encoded, goal, requireFinite);
  const actual = Float64Array.from(encoded, ({ labels }) => numberIn(labels));
  const { ridge } = model;
  return {
    ...numberFigures(model.scale, actual, measured.outputs, (i) => examples.at(i)!.text),
    loss: metricsOf(measured, goal).loss,
    ...(ridge ? { ridge: errorsOf(actual, (i) => mappedNumber(encoded.at(i)!.words, ridge)) } : {}),
    unknownTexts: countUnknown(encoded, model.vocabulary),
  };
}

/**
 * Computes the errors of a network's outputs, and those of constant predictions.
 *
 * @param outputs The network's outputs, which are scaled.
 * @param textOf Returns the text or the name of an example.
 */
export function numberFigures(
  { mean, deviation, median }: NumberScale,
  actual: Float64Array,
  outputs: Float64Array,
  textOf: (i: number) => string,
): Omit<RegressionEvaluation, "loss" | "unknownTexts" | "ridge"> {
  const predicted = outputs.map((y) => mean + deviation * y);
  requireFinite(predicted, "numbers");
  const own = actual.reduce((sum, value) => sum + value, 0) / actual.length;
  const errors = errorsOf(actual, (i) => predicted[i]);
  const errorAt = (i: number) => Math.abs(predicted[i] - actual[i]);
  const worst = Array.from(actual, (_, i) => i).sort((i, j) => errorAt(j) - errorAt(i));
  return {
    ...errors,
    r2: 1 - (errors.rmse / errorsOf(actual, () => own).rmse) ** 2,
    baselines: {
      mean: { value: mean, ...errorsOf(actual, () => mean) },
      median: { value: median, ...errorsOf(actual, () => median) },
    },
    mistakes: worst.slice(0, MAX_MISTAKES).map((i) => ({
      text: textOf(i),
      actual: actual[i],
      predicted: predicted[i],
    })),
  };
}

/** Computes the errors of predictions. */
export function errorsOf(actual: Float64Array, predictedAt: (i: number) => number): NumberErrors {
  let absolute = 0, squares = 0;
  for (const [i, value] of actual.entries()) {
    const error = predictedAt(i) - value;
    absolute += Math.abs(error);
    squares += error ** 2;
  }
  return { mae: absolute / actual.length, rmse: Math.sqrt(squares / actual.length) };
}
