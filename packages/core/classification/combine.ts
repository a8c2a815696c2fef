/**
 * A classifier's answers: the network's probabilities, or a mixture with a linear classifier's.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { type LinearClassifier, linearLogits } from "../baseline/linear.ts";
import { logSoftmaxRows, type Mix } from "../baseline/mixing.ts";
import type { FeatureKind, NgramKind } from "../baseline/ngrams.ts";
import type { CrfScores } from "../network/crf_sequences.ts";
import type { TrustLevel } from "./certainty.ts";

/** How the probabilities of the network and of the linear classifier are combined. */
export interface LabelCalibration extends Mix {
  /** The number of validation examples that it was fitted on. */
  examples: number;
  /** The expected calibration error on them: of the network alone, and of the calibrated model. */
  error: { before: number; after: number };
  /** The probability below which answers should be checked, if one was found. */
  trust?: TrustLevel;
  /**
   * The network's mean margin on them: ln p of its best label minus ln p of its second, in nats.
   * Present until the refit, if one follows, has ended.
   */
  margin?: number;
}

/** The parts of a classifier besides its network. */
export interface Companions<K extends FeatureKind = NgramKind> {
  /** The baseline: a linear classifier trained on the same examples. */
  linear?: LinearClassifier<K>;
  /** How the two are combined; without it, answers are the network's. */
  calibration?: LabelCalibration;
}

/** Log-probabilities, a row for each text, or for each word if the model is a tagger. */
export interface Combined {
  /** Those of the network. */
  network: Float64Array<ArrayBuffer>;
  /** Those of the linear classifier, if there is one. */
  linear?: Float64Array<ArrayBuffer>;
  /** Those of the model. */
  answer: Float64Array<ArrayBuffer>;
}

/** Returns a function that combines logits into answers; undefined for a network alone. */
export function combinerOf(
  model: Companions & { labels: readonly string[] },
): Combiner | undefined {
  const { linear } = model;
  return combinerWith(model, linear && linearLogitsOf(linear));
}

/** Combines the network's logits for some texts into answers. */
export type Combiner = (logits: FloatArray, texts: Iterable<string>) => Combined;

/** Combines the logits of the examples at some indices into answers; it gets the model's CRF. */
export type Combine = (logits: FloatArray, places: Uint32Array, crf?: CrfScores) => FloatArray;

/** Like {@linkcode combinerOf}, with the function that computes the linear model's logits. */
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

/** Returns a linear classifier's function from texts to logits, cached: its index is built once. */
export function linearLogitsOf(linear: LinearClassifier): ReturnType<typeof linearLogits> {
  const found = known.get(linear) ?? linearLogits(linear);
  known.set(linear, found);
  return found;
}
