/**
 * How a conditional random field labels the words of a text, and how often it is right.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { crfLoss, crfPredict, type CrfScores } from "../network/crf_sequences.ts";

/** What is found of each target, by its place among all. */
interface MeasuredTargets {
  /** The right label; -1 for one that the model does not have. */
  truth: Int32Array;
  /** The label given. */
  predicted: Int32Array;
  /** Its probability. */
  probabilities: Float64Array;
  /** The loss. */
  losses: Float64Array;
}

/** The labels of a text by a CRF, from its first target on. */
export function measureCrf(
  crf: CrfScores,
  y: FloatArray,
  start: number,
  { truth, predicted, probabilities, losses }: MeasuredTargets,
): void {
  const right = truth.subarray(start, start + y.length / crf.labels);
  const { path, marginals, logZ } = crfPredict(crf, y);
  const known = right.reduce((count, id) => count + Number(id >= 0), 0);
  const loss = crfLoss(crf, y, right, logZ) / Math.max(1, known); // of the text, shared among its words
  for (let t = 0; t < right.length; t++) {
    predicted[start + t] = path[t];
    probabilities[start + t] = marginals[t * crf.labels + path[t]];
    losses[start + t] = right[t] < 0 ? 0 : loss;
  }
}
