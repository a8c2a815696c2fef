/**
 * Predictions and losses of a conditional random field (CRF) for the words of a text.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { crfLoss, crfPredict, type CrfScores } from "../network/crf_sequences.ts";

/** Labels, probabilities and losses, by the target's index among all. */
interface MeasuredTargets {
  /** The true label; -1 for one that the model does not have. */
  truth: Int32Array;
  /** The predicted label. */
  predicted: Int32Array;
  /** Its probability. */
  probabilities: Float64Array;
  /** The loss. */
  losses: Float64Array;
}

/** Labels a text by a CRF, and writes the results at its targets, from `start` on. */
export function measureCrf(
  crf: CrfScores,
  y: FloatArray,
  start: number,
  { truth, predicted, probabilities, losses }: MeasuredTargets,
): void {
  const right = truth.subarray(start, start + y.length / crf.labels);
  const { path, marginals, logZ } = crfPredict(crf, y);
  const known = right.reduce((count, id) => count + Number(id >= 0), 0);
  const loss = crfLoss(crf, y, right, logZ) / Math.max(1, known); // spread over the words
  for (let t = 0; t < right.length; t++) {
    predicted[start + t] = path[t];
    probabilities[start + t] = marginals[t * crf.labels + path[t]];
    losses[start + t] = right[t] < 0 ? 0 : loss;
  }
}
