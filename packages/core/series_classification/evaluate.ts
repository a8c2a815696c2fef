/**
 * Evaluates models that classify series.
 *
 * @module
 */
import {
  certaintyOf,
  countUnseen,
  type Evaluation,
  labelFigures,
  MAX_MISTAKES,
} from "../classification/evaluate.ts";
import { InputError } from "../errors.ts";
import { argmax } from "../network/loss.ts";
import { requireFinite } from "../ops/reading.ts";
import type { Sequence } from "../sequence.ts";
import type { Series } from "../series/series.ts";
import type { Uploaded } from "../task.ts";
import { resultOf } from "../training/training_task.ts";
import { encodeSeries } from "./encode.ts";
import { measureSeries, seriesMetrics } from "./measure.ts";
import type { SeriesClassificationModel } from "./model.ts";
import { nameOf } from "./predict.ts";

/** Evaluates a model on labeled series; a mistake's text is the name of its series. */
export async function evaluateSeries(
  on: Uploaded<SeriesClassificationModel>,
  series: Sequence<Series>,
): Promise<Evaluation> {
  const { model } = on, classes = model.labels.length;
  if (series.length === 0) throw new InputError("there are no series to evaluate on");
  const encoded = encodeSeries(model, series, { mayBeUnseen: true });
  const measured = await resultOf(measureSeries(on, encoded));
  const { logits, probabilities } = measured;
  requireFinite(logits);
  const { loss, accuracy } = seriesMetrics(measured, encoded, classes);
  const actual = Int32Array.from(encoded, ({ labels }) => labels[0]);
  const predicted = actual.map((_, i) => argmax(probabilities, i, classes));
  const unseen = Array.from(actual.keys()).filter((i) => actual[i] < 0)
    .map((target) => ({ target, name: series.at(target)!.label! }));
  const probabilityOf = (i: number) => probabilities[i * classes + predicted[i]];
  const wrong = Array.from(actual.keys()).filter((i) => predicted[i] !== actual[i])
    .sort((a, b) => probabilityOf(b) - probabilityOf(a));
  return {
    loss,
    accuracy,
    ...certaintyOf(
      Array.from(actual.keys(), probabilityOf),
      Array.from(actual, (id, i) => id === predicted[i]),
    ),
    ...labelFigures(model, actual, predicted, unseen),
    ...(unseen.length > 0 ? { unseen: countUnseen(unseen) } : {}),
    unknownTexts: 0,
    mistakes: wrong.slice(0, MAX_MISTAKES).map((i) => ({
      text: nameOf(series.at(i)!, i),
      actual: series.at(i)!.label!,
      predicted: model.labels[predicted[i]],
      probability: probabilityOf(i),
    })),
  };
}
