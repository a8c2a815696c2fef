/**
 * Evaluation of multi-label models.
 *
 * @module
 */
import type { LabelMetrics } from "../classification/evaluate.ts";
import { measureAllNumbers, metricsOf } from "../classification/number_training.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { countExact } from "../network/losses/binary_cross_entropy.ts";
import { requireFinite } from "../ops/reading.ts";
import { mapped, type Sequence } from "../sequence.ts";
import { networksOf, type Uploaded } from "../task.ts";
import { countUnknown } from "../text/vocabulary.ts";
import { combineLogits } from "./combine.ts";
import { countLabels, microOf, type Rates, ratesOf } from "./counts.ts";
import { encodeLabelSets } from "./encode.ts";
import { labelsIn } from "./labels.ts";
import type { MultiLabelModel } from "./model.ts";
import { boundariesOf, multiLabelGoal } from "./training.ts";

/** The evaluation of a multi-label model. */
export interface MultiLabelEvaluation {
  /** The mean binary cross-entropy per label, in nats. */
  loss: number;
  /** Exact match: the fraction of examples whose predicted labels are all right, from 0 to 1. */
  exact: number;
  /** The micro averages over all labels, in which frequent labels count most. */
  micro: Rates;
  /** The macro F1: the mean F1 of the labels that occur or are predicted, all weighted equally. */
  macroF1: number;
  /** The figures of its parts alone, with one threshold, for a model with a linear model. */
  alone?: { network: PartFigures; linear?: PartFigures };
  /** One entry for each label, in the order of the model's labels. */
  labels: LabelMetrics[];
  /** The most frequent set of labels, and the figures of always predicting it. */
  majority: { labels: string[]; exact: number; f1: number };
  /** The number of texts without a word that the model knows. */
  unknownTexts: number;
  /** Labels in the examples that the model does not have, if any; they count as missed. */
  unseen?: { label: string; count: number }[];
  /** Texts with wrong predictions, largest loss first: at most ten. */
  mistakes: { text: string; actual: string[]; predicted: string[]; loss: number }[];
}

/** The figures of a part of a model alone. */
export interface PartFigures {
  /** Exact match, except for labels that the model does not have, from 0 to 1. */
  exact: number;
  /** The micro F1 over all labels. */
  f1: number;
}

const MAX_MISTAKES = 10;

/** Computes the figures of a part from its logits. */
function aloneOf(
  { labels, threshold }: MultiLabelModel,
  logits: Float64Array<ArrayBuffer>,
  targets: Float64Array<ArrayBuffer>,
): PartFigures {
  const classes = labels.length;
  const boundaries = boundariesOf({ labels, threshold });
  return {
    exact: countExact(logits, classes, targets, boundaries) / (targets.length / classes),
    f1: microOf(countLabels(logits, targets, classes, boundaries)).f1,
  };
}

/** Computes each example's mean binary cross-entropy per label: ln(1 + eᶻ) - t z. */
function lossesOf(
  logits: Float64Array,
  targets: Float64Array,
  classes: number,
): Float64Array<ArrayBuffer> {
  const losses = new Float64Array(targets.length / classes);
  for (const [k, z] of logits.entries()) {
    const softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    losses[Math.floor(k / classes)] += (softplus - targets[k] * z) / classes;
  }
  return losses;
}

/** Evaluates a model on examples; throws an `InputError` if there are none. */
export async function evaluateLabelSets(
  on: Uploaded<MultiLabelModel>,
  examples: Sequence<Example>,
): Promise<MultiLabelEvaluation> {
  if (examples.length === 0) throw new InputError("there are no examples to evaluate on");
  const { ops, model } = on,
    networks = networksOf(on),
    { labels, separator } = model,
    classes = labels.length;
  const encoded = encodeLabelSets(model, examples, { mayBeUnseen: true });
  const goal = multiLabelGoal(model), boundaries = boundariesOf(model);
  const measured = await measureAllNumbers(ops, model, networks, encoded, goal, requireFinite);
  const { targets } = measured;
  const texts = mapped(examples, ({ text }) => text);
  const { linear, answer: outputs } = combineLogits(model, measured.outputs, texts);
  const losses = model.calibration ? lossesOf(outputs, targets, classes) : measured.losses;
  const namesOf = (i: number) => labelsIn(separator).split(examples.at(i)!.label ?? "");
  const unseen = new Map<string, number>(), isMissed = new Uint8Array(examples.length);
  for (const [i, { labels: ids }] of [...encoded].entries()) {
    if (!ids.includes(-1)) continue;
    isMissed[i] = 1;
    for (const [k, name] of namesOf(i).entries()) {
      if (ids[k] < 0) unseen.set(name, (unseen.get(name) ?? 0) + 1);
    }
  }
  const missed = [...unseen.values()].reduce((sum, count) => sum + count, 0);
  const counts = countLabels(outputs, targets, classes, boundaries);
  const rows = labels.map((label, c) => ({
    label,
    ...ratesOf(counts.actual[c], counts.predicted[c], counts.right[c]),
    support: counts.actual[c],
  }));
  const f1s = rows.map(({ f1 }) => f1).filter((f1) => !Number.isNaN(f1));
  const rowOf = (numbers: Float64Array<ArrayBuffer>, i: number) =>
    numbers.subarray(i * classes, (i + 1) * classes);
  const isExact = (i: number) =>
    isMissed[i] === 0 &&
    countExact(rowOf(outputs, i), classes, rowOf(targets, i), boundaries) === 1;
  const wrong = Array.from(losses, (_, i) => i).filter((i) => !isExact(i));
  return {
    loss: metricsOf({ ...measured, losses }, goal).loss,
    ...(model.linear
      ? {
        alone: {
          network: aloneOf(model, measured.outputs, targets),
          ...(linear ? { linear: aloneOf(model, linear, targets) } : {}),
        },
      }
      : {}),
    exact: 1 - wrong.length / examples.length,
    micro: microOf(counts, missed),
    macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / f1s.length,
    labels: rows,
    majority: majorityOf(labels, targets, isMissed, missed),
    unknownTexts: countUnknown(encoded, model.vocabulary),
    ...(missed === 0 ? {} : {
      unseen: [...unseen].map(([label, count]) => ({ label, count }))
        .sort((a, b) => b.count - a.count),
    }),
    mistakes: wrong.sort((i, j) => losses[j] - losses[i]).slice(0, MAX_MISTAKES).map((i) => ({
      text: examples.at(i)!.text,
      actual: namesOf(i),
      predicted: labels.filter((_, c) => outputs[i * classes + c] >= boundaries[c]),
      loss: losses[i],
    })),
  };
}

/** Finds the most frequent set of labels, the first of ties, and its figures as a baseline. */
function majorityOf(
  labels: readonly string[],
  targets: Float64Array,
  isMissed: Uint8Array,
  missed: number,
): MultiLabelEvaluation["majority"] {
  const classes = labels.length;
  const found = new Map<string, { at: number; count: number }>();
  for (let i = 0; i < isMissed.length; i++) {
    if (isMissed[i]) continue;
    const key = targets.subarray(i * classes, (i + 1) * classes).join("");
    const set = found.get(key);
    if (set) set.count++;
    else found.set(key, { at: i, count: 1 });
  }
  const sets = [...found.values()];
  const most = sets.reduce((best, each) => each.count > best.count ? each : best, {
    at: -1,
    count: 0,
  });
  const has = labels.map((_, c) => most.at >= 0 && targets[most.at * classes + c] === 1);
  const always = targets.map((_, i) => has[i % classes] ? 1 : 0);
  const { f1 } = microOf(countLabels(always, targets, classes, labels.map(() => 1)), missed);
  return {
    labels: labels.filter((_, c) => has[c]),
    exact: most.count / isMissed.length,
    f1,
  };
}
