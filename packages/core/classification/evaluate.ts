/**
 * How well a model labels examples, label by label.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Example } from "../data/examples.ts";
import type { AnyModel } from "../model.ts";
import { argmax } from "../network/loss.ts";
import { requireFinite } from "../ops/reading.ts";
import type { Uploaded } from "../task.ts";
import type { EncodedExample } from "../training/buckets.ts";
import { countPairs, matrixOf } from "./confusion.ts";
import type { LabelSplit } from "./encode.ts";
import { createMeasureSet, measure, type Measured } from "./measure.ts";

/** The figures of one label. */
export interface LabelMetrics {
  /** The label. */
  label: string;
  /** Of the examples predicted to have it, the fraction that has; NaN where none is. */
  precision: number;
  /** Of the examples that have it, the fraction predicted to; NaN where none has it. */
  recall: number;
  /** The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); NaN for 0 / 0. */
  f1: number;
  /** How many examples have the label. */
  support: number;
}

/** A wrong prediction. */
export interface Mistake {
  /** The text. */
  text: string;
  /** The word in it that has the label, for a tagger. */
  word?: string;
  /** The right label. */
  actual: string;
  /** The label predicted. */
  predicted: string;
  /** The probability that the model gave it. */
  probability: number;
}

/** How well a classifier or a tagger does. */
export interface Evaluation {
  /** The mean cross-entropy, in nats. */
  loss: number;
  /** The fraction of examples, or of a tagger's words, that it gets right, from 0 to 1. */
  accuracy: number;
  /** One entry for each label, in the order of the model's labels. */
  labels: LabelMetrics[];
  /**
   * `confusion[i][j]`: how many examples of label i are predicted to have label j. Left out for more
   * than 200 labels; `confused` has every pair that occurs.
   */
  confusion?: number[][];
  /** How many texts have no word that the model knows. */
  unknownTexts: number;
  /** The majority class, and the accuracy of always predicting it. */
  majority: { label: string; accuracy: number };
  /** The pairs of labels that are confused, the most frequent first. */
  confused: { actual: string; predicted: string; count: number }[];
  /** Labels of the examples that the model does not have, which count as wrong, if there are any. */
  unseen?: { label: string; count: number }[];
  /** The most confident mistakes, the most confident first: at most ten. */
  mistakes: Mistake[];
}

const MAX_MISTAKES = 10;
const MAX_CONFUSION = 200; // labels of a whole confusion matrix

interface EvaluateOptions {
  labelsIn: LabelSplit;
  wordOf?(text: string, t: number): string;
}

/**
 * The evaluation of a model on examples.
 *
 * @param options `labelsIn`: the labels in an example's label; `wordOf`: the word that target t of a
 *   text is for, where words have labels of their own.
 */
export async function evaluateLabels(
  { ops, model, weights }: Uploaded,
  examples: readonly Example[],
  encoded: readonly EncodedExample[],
  { labelsIn, wordOf }: EvaluateOptions,
): Promise<Evaluation> {
  if (examples.length === 0) throw new InputError("there are no examples to evaluate on");
  let measuring: Promise<Measured>;
  ops.scope(() => {
    const set = createMeasureSet(ops, model, encoded);
    measuring = measure(ops, model.config, weights, set, { check: requireFinite });
    return [];
  });
  const measured = await measuring!;
  const actual = encoded.flatMap(({ labels }) => [...labels]);
  const isAllSeen = actual.every((id) => id >= 0);
  const names = isAllSeen
    ? actual.map((id) => model.labels[id])
    : examples.flatMap(({ label = "" }) => labelsIn.split(label));
  const { loss, accuracy } = measured.metrics;
  return {
    loss,
    accuracy,
    ...labelFigures(model, actual, measured.predicted, names),
    ...(isAllSeen ? {} : { unseen: countUnseen(actual, names) }),
    unknownTexts: encoded.filter(({ words }) => words.every((id) => id === 0)).length,
    mistakes: mistakesOf(model, examples, encoded, measured, names, wordOf),
  };
}

function labelFigures(
  model: AnyModel,
  actual: readonly number[],
  predicted: readonly number[],
  names: readonly string[],
): Pick<Evaluation, "labels" | "confusion" | "majority" | "confused"> {
  const counts = countPairs(actual, predicted, model.labels.length);
  const labels = model.labels.map((label, c) => {
    const right = counts.right[c], support = counts.actual[c], given = counts.predicted[c];
    return {
      label,
      precision: right / given,
      recall: right / support,
      f1: 2 * right / (given + support),
      support,
    };
  });
  const most = argmax(counts.actual, 0, counts.actual.length);
  return {
    labels,
    ...(labels.length <= MAX_CONFUSION ? { confusion: matrixOf(counts) } : {}),
    majority: { label: model.labels[most], accuracy: counts.actual[most] / actual.length },
    confused: [
      ...counts.pairs.filter(([i, j]) => i !== j)
        .map(([i, j, count]) => ({ actual: model.labels[i], predicted: model.labels[j], count })),
      ...confusedUnseen(model, actual, predicted, names),
    ].sort((a, b) => b.count - a.count),
  };
}

/** What is predicted for labels that the model does not have. */
function confusedUnseen(
  { labels }: AnyModel,
  actual: readonly number[],
  predicted: readonly number[],
  names: readonly string[],
): Evaluation["confused"] {
  const found = new Map<string, Evaluation["confused"][number]>();
  for (const [i, id] of actual.entries()) {
    if (id >= 0) continue;
    const key = `${predicted[i]} ${names[i]}`;
    const pair = found.get(key);
    if (pair) pair.count++;
    else found.set(key, { actual: names[i], predicted: labels[predicted[i]], count: 1 });
  }
  return [...found.values()];
}

function countUnseen(actual: readonly number[], names: readonly string[]): Evaluation["unseen"] {
  const counts = new Map<string, number>();
  for (const [i, id] of actual.entries()) {
    if (id < 0) counts.set(names[i], (counts.get(names[i]) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count);
}

function mistakesOf(
  { labels }: AnyModel,
  examples: readonly Example[],
  encoded: readonly EncodedExample[],
  { predicted, probabilities }: Measured,
  names: readonly string[],
  wordOf?: (text: string, t: number) => string,
): Mistake[] {
  const actual = encoded.flatMap(({ labels }) => [...labels]);
  const owner = encoded.flatMap(({ labels }, i) => Array.from(labels, (_, t) => [i, t]));
  const wrong = actual.map((_, i) => i).filter((i) => predicted[i] !== actual[i])
    .sort((i, j) => probabilities[j] - probabilities[i]).slice(0, MAX_MISTAKES);
  return wrong.map((target) => {
    const [i, t] = owner[target];
    const { text } = examples[i];
    return {
      text,
      ...(wordOf ? { word: wordOf(text, t) } : {}),
      actual: names[target],
      predicted: labels[predicted[target]],
      probability: probabilities[target],
    };
  });
}
