/**
 * Predictions of a conditional random field for single sequences of logits, on the host: the most
 * probable labels, each label's marginal probability, and the loss of given labels.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { argmax, logSumExp } from "./loss.ts";
import { isCrfWeight } from "./crf.ts";
import { meanOfNumbers } from "./ensemble.ts";
import type { Weights } from "./weights.ts";

/** The scores of first labels, of last labels, and of pairs of adjacent labels. */
export interface CrfScores {
  /** The number of labels. */
  labels: number;
  /** The score of each label as the first. */
  start: FloatArray;
  /** The score of each label as the last. */
  end: FloatArray;
  /** `transitions[i * labels + j]`: the score of label j after label i. */
  transitions: FloatArray;
  /** exp(transitions - largest), to be summed without overflow. */
  factors: Float64Array;
  /** The largest transition score. */
  largest: number;
}

/** Returns the scores of a CRF from its weights; for several networks, their mean. */
export function crfScores(...networks: Weights<FloatArray>[]): CrfScores {
  const mean = (name: string) => meanOfNumbers(networks.map((weights) => weights[name]));
  return scoresOf(mean("startTransitions"), mean("endTransitions"), mean("transitions"));
}

/** Returns the scores multiplied by `by`. */
export function scaledCrf({ start, end, transitions }: CrfScores, by: number): CrfScores {
  const scaled = (some: FloatArray) => Float64Array.from(some, (each) => by * each);
  return scoresOf(scaled(start), scaled(end), scaled(transitions));
}

function scoresOf(start: FloatArray, end: FloatArray, transitions: FloatArray): CrfScores {
  let largest = -Infinity;
  for (const each of transitions) largest = Math.max(largest, each);
  const factors = Float64Array.from(transitions, (each) => Math.exp(each - largest));
  return { labels: start.length, start, end, transitions, factors, largest };
}

/** Reads the scores of a CRF from a device; for several networks, their mean. */
export async function readCrf(ops: Ops, ...networks: Weights<Tensor>[]): Promise<CrfScores> {
  const names = Object.keys(networks[0]).filter(isCrfWeight);
  const read = await Promise.all(
    networks.map((weights) => ops.read(names.map((name) => weights[name]))),
  );
  return crfScores(
    ...read.map((own) => Object.fromEntries(names.map((name, i) => [name, own[i]]))),
  );
}

/**
 * Finds the most probable sequence of labels, by the algorithm of Viterbi (1967). Ties are broken
 * from the end of the sequence, in favor of the smaller label.
 *
 * @param y The logits of the words, `[words, labels]`.
 */
export function viterbi({ labels, start, end, transitions }: CrfScores, y: FloatArray): Int32Array {
  const words = y.length / labels, path = new Int32Array(words);
  if (words === 0) return path;
  let best = new Float64Array(labels), next = new Float64Array(labels);
  const from = new Int32Array(y.length);
  for (let j = 0; j < labels; j++) best[j] = start[j] + y[j];
  for (let t = 1; t < words; t++) {
    const at = t * labels;
    next.fill(-Infinity);
    for (let i = 0; i < labels; i++) {
      for (let j = 0; j < labels; j++) {
        const score = best[i] + transitions[i * labels + j];
        if (score <= next[j]) continue;
        next[j] = score;
        from[at + j] = i;
      }
    }
    for (let j = 0; j < labels; j++) next[j] += y[at + j];
    [best, next] = [next, best];
  }
  for (let j = 0; j < labels; j++) best[j] += end[j];
  path[words - 1] = argmax(best, 0, labels);
  for (let t = words - 1; t > 0; t--) path[t - 1] = from[t * labels + path[t]];
  return path;
}

/** A CRF's prediction for the words of a text. */
export interface CrfPrediction {
  /** The most probable sequence of labels. */
  path: Int32Array;
  /** The marginal probability of each label at each word, `[words, labels]`. */
  marginals: Float64Array<ArrayBuffer>;
  /** ln Z, the log partition function. */
  logZ: number;
}

/** Predicts the labels of a text's words from their logits, `[words, labels]`. */
export function crfPredict(crf: CrfScores, y: FloatArray): CrfPrediction {
  return { path: viterbi(crf, y), ...crfMarginals(crf, y) };
}

const TINY = 1e-200; // sums of factors below it have lost digits and are recomputed from logarithms

/** Returns ln Σ_i exp(a[i] + T[i, j]) for each j, or with `isBack` the sum over j for each i. */
function throughPairs(crf: CrfScores, a: Float64Array, isBack: boolean): Float64Array {
  const { labels, transitions, factors, largest } = crf;
  const [outer, inner] = isBack ? [labels, 1] : [1, labels];
  const out = new Float64Array(labels), p = new Float64Array(labels);
  let most = -Infinity;
  for (let i = 0; i < labels; i++) most = Math.max(most, a[i]);
  for (let i = 0; i < labels; i++) p[i] = Math.exp(a[i] - most);
  for (let k = 0; k < labels; k++) {
    let sum = 0;
    for (let i = 0; i < labels; i++) sum += p[i] * factors[k * outer + i * inner];
    out[k] = sum > TINY
      ? most + largest + Math.log(sum)
      : logSumExp(a.map((each, i) => each + transitions[k * outer + i * inner]));
  }
  return out;
}

/** Returns the forward variables α of each word, including its logits, and ln Z. */
function forwardOf(
  crf: CrfScores,
  y: FloatArray,
  right?: ArrayLike<number>,
): { alphas: Float64Array[]; logZ: number } {
  const { labels, start, end } = crf, words = y.length / labels;
  const alphas: Float64Array[] = [];
  for (let t = 0; t < words; t++) {
    const alpha = t === 0 ? Float64Array.from(start) : throughPairs(crf, alphas[t - 1], false);
    for (let j = 0; j < labels; j++) {
      const isLeftOut = right !== undefined && right[t] >= 0 && right[t] !== j;
      alpha[j] = isLeftOut ? -Infinity : alpha[j] + y[t * labels + j];
    }
    alphas.push(alpha);
  }
  return { alphas, logZ: logSumExp(alphas[words - 1].map((score, j) => score + end[j])) };
}

/**
 * Computes the marginal probability of each label at each word, `[words, labels]`, and ln Z, by the
 * forward-backward algorithm in log space.
 *
 * @param y The logits of the words, `[words, labels]`.
 */
export function crfMarginals(
  crf: CrfScores,
  y: FloatArray,
): Pick<CrfPrediction, "marginals" | "logZ"> {
  const { labels, end } = crf, words = y.length / labels;
  const marginals = new Float64Array(y.length);
  if (words === 0) return { marginals, logZ: 0 };
  const { alphas, logZ } = forwardOf(crf, y);
  let beta: Float64Array = Float64Array.from(end);
  for (let t = words - 1;; t--) {
    const at = t * labels;
    for (let j = 0; j < labels; j++) marginals[at + j] = Math.exp(alphas[t][j] + beta[j] - logZ);
    if (t === 0) return { marginals, logZ };
    for (let j = 0; j < labels; j++) beta[j] += y[at + j];
    beta = throughPairs(crf, beta, true);
  }
}

/**
 * Returns the loss -ln p of a sequence of labels, in nats.
 *
 * @param y The logits of the words, `[words, labels]`.
 * @param right The label of each word; -1 for an unknown one, for which any label counts.
 * @param logZ ln Z, if it is already known.
 */
export function crfLoss(
  crf: CrfScores,
  y: FloatArray,
  right: ArrayLike<number>,
  logZ?: number,
): number {
  if (y.length === 0) return 0;
  return Math.max(0, (logZ ?? forwardOf(crf, y).logZ) - scoreOf(crf, y, right));
}

/** Returns the score of labels; if some are unknown, ln Σ exp of the scores of all that match. */
function scoreOf(crf: CrfScores, y: FloatArray, right: ArrayLike<number>): number {
  const { labels, start, end, transitions } = crf, words = y.length / labels;
  let score = start[right[0]] + end[right[words - 1]];
  for (let t = 0; t < words; t++) {
    if (right[t] < 0) return forwardOf(crf, y, right).logZ;
    score += y[t * labels + right[t]];
    if (t > 0) score += transitions[right[t - 1] * labels + right[t]];
  }
  return score;
}

/** The declarations of this file that exported modules contain. */
export const crfSource = () => ({
  crfPredict,
  viterbi,
  crfMarginals,
  forwardOf,
  throughPairs,
  scoresOf,
  TINY,
});
