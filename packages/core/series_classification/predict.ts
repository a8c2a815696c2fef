/**
 * Predicts the labels of series.
 *
 * @module
 */
import { argmax } from "../network/loss.ts";
import { requireFinite } from "../ops/reading.ts";
import type { Series } from "../series/series.ts";
import type { Uploaded } from "../task.ts";
import { resultOf } from "../training/training_task.ts";
import { encodeInputs } from "./encode.ts";
import { measureSeries } from "./measure.ts";
import type { SeriesClassificationModel } from "./model.ts";

/** The prediction for a series. */
export interface SeriesPrediction {
  /** The name of the series, or else its place in the data, or else its number. */
  name: string;
  /** The most probable label. */
  label: string;
  /** The probability of each label, summing to 1. */
  probabilities: Record<string, number>;
  /** The logits y, in the order of the model's labels. */
  logits: number[];
  /** The number of rows of the series. */
  rows: number;
}

/** Returns the name of a series for tables and messages. */
export function nameOf({ name, where }: Series, index: number): string {
  return name ?? where ?? `${index + 1}`;
}

/** Predicts the label of each series. */
export async function predictSeries(
  on: Uploaded<SeriesClassificationModel>,
  series: readonly Series[],
): Promise<SeriesPrediction[]> {
  const { labels } = on.model, classes = labels.length;
  const encoded = series.map((each, i) => encodeInputs(on.model, each, i));
  const { logits, probabilities } = await resultOf(measureSeries(on, encoded));
  requireFinite(logits);
  return series.map((each, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return {
      name: nameOf(each, i),
      label: labels[argmax(probabilities, i, classes)],
      probabilities: Object.fromEntries(labels.map((label, c) => [label, row[c]])),
      logits: [...logits.subarray(i * classes, (i + 1) * classes)],
      rows: each.values[0].length,
    };
  });
}
