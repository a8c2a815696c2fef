/**
 * Predictions of multi-label models.
 *
 * @module
 */
import { allLogits, arrange } from "../classification/measure.ts";
import { sentencesOf } from "../classification/predict.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { networksOf, type Uploaded } from "../task.ts";
import { wordsRead } from "../text/vocabulary.ts";
import { combineLogits } from "./combine.ts";
import { type MultiLabelModel, thresholdsOf } from "./model.ts";

/** A multi-label model's prediction for a text. */
export interface MultiLabelPrediction {
  /** The text. */
  text: string;
  /** The labels whose probability is at least their threshold, most probable first. */
  labels: string[];
  /** The probability of each label; they are independent, and need not sum to 1. */
  probabilities: Record<string, number>;
  /** The network's logits y, in the order of the model's labels. */
  logits: number[];
  /** The number of words in the text, or of letters for a model that reads letters. */
  words: number;
  /** The words that the model does not know; if it knows none, the prediction is meaningless. */
  unknownWords: string[];
}

/** Predicts the labels of each text. */
export async function predictLabelSets(
  on: Uploaded<MultiLabelModel>,
  texts: readonly string[],
): Promise<MultiLabelPrediction[]> {
  if (texts.length === 0) return [];
  const { ops, model } = on, { config, labels } = model, thresholds = thresholdsOf(model);
  const { tokens, sentences } = sentencesOf(model, texts);
  const [y, own] = await readAndDispose(
    ops,
    ops.scope(() => {
      const logits = allLogits(ops, config, networksOf(on), arrange(ops, model, sentences));
      return [logits, ops.sigmoid(logits)];
    }),
  );
  requireFinite(y);
  const p = model.calibration
    ? combineLogits(model, y, texts).answer.map((z) => 1 / (1 + Math.exp(-z)))
    : own;
  const classes = labels.length;
  return texts.map((text, i) => {
    const row = [...p.subarray(i * classes, (i + 1) * classes)];
    const given = labels.map((_, c) => c).filter((c) => row[c] >= thresholds[c])
      .sort((a, b) => row[b] - row[a]);
    return {
      text,
      labels: given.map((c) => labels[c]),
      probabilities: Object.fromEntries(labels.map((label, c) => [label, row[c]])),
      logits: [...y.subarray(i * classes, (i + 1) * classes)],
      ...wordsRead(tokens[i], sentences[i]),
    };
  });
}
