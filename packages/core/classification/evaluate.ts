/**
 * Evaluation of models that label texts or words, with figures for each label.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Example } from "../data/examples.ts";
import type { AnyModel } from "../model.ts";
import { argmax } from "../network/loss.ts";
import { requireFinite } from "../ops/reading.ts";
import type { Sequence } from "../sequence.ts";
import { networksOf, type Uploaded } from "../task.ts";
import { countUnknown } from "../text/vocabulary.ts";
import type { EncodedSet } from "../training/encoded.ts";
import { calibrationError, type Interval, wilsonInterval } from "./certainty.ts";
import type { Combiner, Companions } from "./combine.ts";
import { countPairs, matrixOf } from "./confusion.ts";
import type { LabelSplit } from "./encode.ts";
import { createMeasureSet, handlesOf, measure, type Measured, type MeasureSet } from "./measure.ts";
import { accuraciesOf, parted, type PartLabels } from "./parts.ts";

/** Precision, recall and F1 of one label. */
export interface LabelMetrics {
  /** The label. */
  label: string;
  /** The fraction of examples predicted to have the label that have it; NaN if there are none. */
  precision: number;
  /** The fraction of examples with the label that are predicted to have it; NaN if none has it. */
  recall: number;
  /** The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); NaN for 0 / 0. */
  f1: number;
  /** The number of examples that have the label. */
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
  /** The probability of the predicted label. */
  probability: number;
}

/** The evaluation of a classifier or a tagger. */
export interface Evaluation {
  /** The mean cross-entropy, in nats. */
  loss: number;
  /** The fraction of examples, or of words for a tagger, that are right, from 0 to 1. */
  accuracy: number;
  /** Wilson's score interval: it contains the true accuracy with 95% confidence. */
  interval: Interval;
  /** The expected calibration error: the gap between probabilities and accuracy. */
  calibrationError: number;
  /** The accuracies of its parts alone, if it has a linear classifier or a calibration. */
  alone?: { network: number; linear?: number };
  /** One entry for each label, in the order of the model's labels. */
  labels: LabelMetrics[];
  /**
   * The confusion matrix: `confusion[i][j]` is the number of examples of label i predicted to have
   * label j. Left out for more than 200 labels; `confused` has every pair that occurs.
   */
  confusion?: number[][];
  /** The number of texts without a word that the model knows. */
  unknownTexts: number;
  /** The majority class, and the accuracy of always predicting it: a baseline. */
  majority: { label: string; accuracy: number };
  /** The pairs of labels that are confused, most frequent first. */
  confused: { actual: string; predicted: string; count: number }[];
  /** Labels in the examples that the model does not have, if any; they count as wrong. */
  unseen?: { label: string; count: number }[];
  /** The most confident mistakes, most confident first: at most ten. */
  mistakes: Mistake[];
}

/** The most mistakes that an evaluation lists. */
export const MAX_MISTAKES = 10;
const MAX_CONFUSION = 200; // labels in a full confusion matrix

interface EvaluateOptions {
  labelsIn: LabelSplit;
  combiner: Combiner | undefined;
  wordOf?(text: string, t: number): string;
  onMeasured?(
    set: MeasureSet,
    measured: Measured,
    nameOf: (i: number, t: number) => string,
    parts?: PartLabels,
  ): void;
}

/**
 * Evaluates a model on examples.
 *
 * @param options `labelsIn`: splits an example's label; `combiner`: combines logits into answers;
 *   `wordOf`: returns the word of target t, if words are labeled; `onMeasured`: gets the results.
 * @throws {InputError} If there are no examples.
 */
export async function evaluateLabels(
  on: Uploaded<AnyModel & Pick<Companions, "calibration">>,
  examples: Sequence<Example>,
  encoded: EncodedSet,
  { labelsIn, combiner, wordOf, onMeasured }: EvaluateOptions,
): Promise<Evaluation> {
  if (examples.length === 0) throw new InputError("there are no examples to evaluate on");
  const { ops, model } = on;
  let set: MeasureSet;
  ops.scope(() => handlesOf(set = createMeasureSet(ops, model, encoded)));
  const { combine, parts } = parted(combiner, examples, set!);
  let measured: Measured;
  try {
    measured = await measure(ops, model.config, networksOf(on), set!, {
      check: requireFinite,
      combine,
      scale: model.calibration?.network,
    });
  } finally {
    ops.dispose(handlesOf(set!));
  }
  const { truth, starts } = set!;
  const isRight = Array.from(truth, (id, k) => id === measured.predicted[k]);
  const isAllSeen = truth.every((id) => id >= 0);
  const nameOf = (i: number, t: number) => {
    const id = truth[starts[i] + t];
    return id >= 0 ? model.labels[id] : labelsIn.split(examples.at(i)!.label ?? "")[t];
  };
  onMeasured?.(set!, measured, nameOf, parts);
  const unseen = isAllSeen ? [] : unseenOf(set!, nameOf);
  const { loss, accuracy } = measured.metrics;
  return {
    loss,
    accuracy,
    ...certaintyOf(measured.probabilities, isRight),
    ...(parts ? { alone: accuraciesOf(parts, truth) } : {}),
    ...labelFigures(model, truth, measured.predicted, unseen),
    ...(isAllSeen ? {} : { unseen: countUnseen(unseen) }),
    unknownTexts: countUnknown(encoded, model.vocabulary),
    mistakes: mistakesOf(model, examples, set!, measured, nameOf, wordOf),
  };
}

/** Computes the confidence interval of an accuracy, and the calibration error of probabilities. */
export function certaintyOf(
  probabilities: ArrayLike<number>,
  isRight: readonly boolean[],
): Pick<Evaluation, "interval" | "calibrationError"> {
  return {
    interval: wilsonInterval(isRight.filter(Boolean).length, isRight.length),
    calibrationError: calibrationError(probabilities, isRight),
  };
}

/** A target whose label the model does not have. */
export interface Unseen {
  /** Its index among all targets. */
  target: number;
  /** The label. */
  name: string;
}

/** Finds the targets whose labels the model does not have. */
function unseenOf(
  { truth, starts }: MeasureSet,
  nameOf: (i: number, t: number) => string,
): Unseen[] {
  const found: Unseen[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let target = starts[i]; target < starts[i + 1]; target++) {
      if (truth[target] < 0) found.push({ target, name: nameOf(i, target - starts[i]) });
    }
  }
  return found;
}

/** Computes the figures of each label, the confusion matrix and the majority-class baseline. */
export function labelFigures(
  model: AnyModel,
  actual: Int32Array,
  predicted: Int32Array,
  unseen: readonly Unseen[],
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
      ...confusedUnseen(model, predicted, unseen),
    ].sort((a, b) => b.count - a.count),
  };
}

/** Counts the predictions for labels that the model does not have. */
function confusedUnseen(
  { labels }: AnyModel,
  predicted: Int32Array,
  unseen: readonly Unseen[],
): Evaluation["confused"] {
  const found = new Map<string, Evaluation["confused"][number]>();
  for (const { target, name } of unseen) {
    const key = `${predicted[target]} ${name}`;
    const pair = found.get(key);
    if (pair) pair.count++;
    else found.set(key, { actual: name, predicted: labels[predicted[target]], count: 1 });
  }
  return [...found.values()];
}

/** Counts each label that the model does not have, most frequent first. */
export function countUnseen(unseen: readonly Unseen[]): Evaluation["unseen"] {
  const counts = new Map<string, number>();
  for (const { name } of unseen) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count);
}

/** Returns the most confident mistakes; ties keep the order of the examples. */
function mistakesOf(
  { labels }: AnyModel,
  examples: Sequence<Example>,
  { truth, starts }: MeasureSet,
  { predicted, probabilities }: Measured,
  nameOf: (i: number, t: number) => string,
  wordOf?: (text: string, t: number) => string,
): Mistake[] {
  const wrong: [i: number, target: number][] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let target = starts[i]; target < starts[i + 1]; target++) {
      if (predicted[target] !== truth[target]) wrong.push([i, target]);
    }
  }
  wrong.sort(([, a], [, b]) => probabilities[b] - probabilities[a]);
  return wrong.slice(0, MAX_MISTAKES).map(([i, target]) => {
    const { text } = examples.at(i)!, t = target - starts[i];
    return {
      text,
      ...(wordOf ? { word: wordOf(text, t) } : {}),
      actual: nameOf(i, t),
      predicted: labels[predicted[target]],
      probability: probabilities[target],
    };
  });
}
