/**
 * What a classifier answers: the network's probabilities, or those mixed with a linear classifier's.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { type LinearClassifier, linearLogits } from "../baseline/linear.ts";
import { logSoftmaxRows, type Mix } from "../baseline/mixing.ts";
import type { FeatureKind, NgramKind } from "../baseline/ngrams.ts";
import type { CrfScores } from "../network/crf_sequences.ts";
import type { TrustLevel } from "./certainty.ts";

/** How probabilities are made of the network's and of the linear classifier's. */
export interface LabelCalibration extends Mix {
  /** How many validation examples chose it. */
  examples: number;
  /** The expected calibration error on them, of the network alone and as it is now. */
  error: { before: number; after: number };
  /** The probability below which answers should be checked; none where none was found. */
  trust?: TrustLevel;
  /**
   * By how much the network's best answer was ahead of its second on them, in nats: the mean. There
   * until a refit, if one follows, is over.
   */
  margin?: number;
}

/** What a classifier has beside its network. */
export interface Companions<K extends FeatureKind = NgramKind> {
  /** A linear classifier that has learned from the same examples: its baseline. */
  linear?: LinearClassifier<K>;
  /** How answers are made of both; without it, they are the network's. */
  calibration?: LabelCalibration;
}

/** Logarithms of probabilities, a row for each text, or of a tagger for each word. */
export interface Combined {
  /** Of the network. */
  network: Float64Array<ArrayBuffer>;
  /** Of the linear classifier, if there is one. */
  linear?: Float64Array<ArrayBuffer>;
  /** Of the model. */
  answer: Float64Array<ArrayBuffer>;
}

/** What makes answers of the network's logits; none where these are all there is. */
export function combinerOf(
  model: Companions & { labels: readonly string[] },
): Combiner | undefined {
  const { linear } = model;
  return combinerWith(model, linear && linearLogitsOf(linear));
}

/** Makes answers of the logits of some texts. */
export type Combiner = (logits: FloatArray, texts: Iterable<string>) => Combined;

/** Makes answers of the logits of the examples at some places; it is given the model's CRF. */
export type Combine = (logits: FloatArray, places: Uint32Array, crf?: CrfScores) => FloatArray;

/** The same with what gives the linear model's logits. */
export function combinerWith(
  { linear, calibration, labels }: Companions<FeatureKind> & { labels: readonly string[] },
  logitsOf: ((texts: Iterable<string>) => Float64Array<ArrayBuffer>) | undefined,
): Combiner | undefined {
  if (!linear && !calibration) return undefined;
  const classes = labels.length;
  return (logits, texts) => {
    const network = logSoftmaxRows(Float64Array.from(logits), classes);
    const other = logitsOf && logSoftmaxRows(logitsOf(texts), classes);
    if (!calibration) return { network, linear: other, answer: network };
    const { network: a, linear: b } = calibration;
    const answer = network.map((each, k) => a * each + b * (other?.[k] ?? 0));
    return { network, linear: other, answer: logSoftmaxRows(answer, classes) };
  };
}

const known = new WeakMap<LinearClassifier, ReturnType<typeof linearLogits>>();

/** What gives the logits of a linear classifier, the same each time: its columns are found once. */
export function linearLogitsOf(linear: LinearClassifier): ReturnType<typeof linearLogits> {
  const found = known.get(linear) ?? linearLogits(linear);
  known.set(linear, found);
  return found;
}
