/**
 * What a conditional random field says of single sequences of logits, on the host: the most probable
 * labels, how probable each label is, and how probable given ones are.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { argmax } from "./loss.ts";
import { isCrfWeight } from "./crf.ts";
import type { Weights } from "./weights.ts";

/** The scores of first labels, last labels, and of pairs of labels. */
export interface CrfScores {
  /** How many labels there are. */
  labels: number;
  /** The score of each label as the first. */
  start: FloatArray;
  /** The score of each label as the last. */
  end: FloatArray;
  /** `transitions[i * labels + j]`: the score of label j after label i. */
  transitions: FloatArray;
  /** exp of them less their largest. */
  factors: Float64Array;
  /** The largest of them. */
  largest: number;
}

/** The scores of a CRF by the numbers of its weights. */
export function crfScores(weights: Weights<FloatArray>): CrfScores {
  const { startTransitions: start, endTransitions: end, transitions } = weights;
  let largest = -Infinity;
  for (const each of transitions) largest = Math.max(largest, each);
  const factors = Float64Array.from(transitions, (each) => Math.exp(each - largest));
  return { labels: start.length, start, end, transitions, factors, largest };
}

/** The scores of a CRF on a device. */
export async function readCrf(ops: Ops, weights: Weights<Tensor>): Promise<CrfScores> {
  const names = Object.keys(weights).filter(isCrfWeight);
  const numbers = await ops.read(names.map((name) => weights[name]));
  return crfScores(Object.fromEntries(names.map((name, i) => [name, numbers[i]])));
}

/**
 * The most probable sequence of labels, by the algorithm of Viterbi (1967); of equal ones the one
 * with the smaller labels from its end on.
 *
 * @param y The logits of the words, `[words, labels]`.
 */
export function viterbi(crf: CrfScores, y: FloatArray): Int32Array {
  const { labels, start, end, transitions } = crf;
  const words = y.length / labels;
  if (words === 0) return new Int32Array(0);
  let best = Float64Array.from(start, (score, j) => score + y[j]);
  const from = new Int32Array(y.length);
  for (let t = 1; t < words; t++) {
    const next = new Float64Array(labels);
    for (let j = 0; j < labels; j++) {
      let most = -Infinity, label = 0;
      for (let i = 0; i < labels; i++) {
        const score = best[i] + transitions[i * labels + j];
        if (score > most) [most, label] = [score, i];
      }
      next[j] = most + y[t * labels + j];
      from[t * labels + j] = label;
    }
    best = next;
  }
  const path = new Int32Array(words);
  path[words - 1] = argmax(best.map((score, j) => score + end[j]), 0, labels);
  for (let t = words - 1; t > 0; t--) path[t - 1] = from[t * labels + path[t]];
  return path;
}

/** What a CRF predicts for the words of a text. */
export interface CrfPrediction {
  /** The most probable sequence of labels. */
  path: Int32Array;
  /** How probable each label is at each word, `[words, labels]`. */
  marginals: Float64Array<ArrayBuffer>;
}

/** The prediction for the words of a text, by their logits, `[words, labels]`. */
export function crfPredict(crf: CrfScores, y: FloatArray): CrfPrediction {
  return { path: viterbi(crf, y), marginals: crfMarginals(crf, y) };
}

/** ln Σ exp of numbers. */
function logSumExp(values: ArrayLike<number>): number {
  let most = -Infinity, sum = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  if (most === -Infinity) return most;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - most);
  return most + Math.log(sum);
}

const TINY = 1e-200; // a sum of factors below it has lost digits, and is made of logarithms

/** ln Σ_i exp(a[i] + T[i, j]) for each j, or with `back` ln Σ_j exp(T[i, j] + a[j]) for each i. */
function throughPairs(crf: CrfScores, a: Float64Array, back: boolean): Float64Array {
  const { labels, transitions, factors, largest } = crf;
  const most = a.reduce((max, each) => Math.max(max, each), -Infinity);
  const p = a.map((each) => Math.exp(each - most));
  const [outer, inner] = back ? [labels, 1] : [1, labels];
  return a.map((_, k) => {
    let sum = 0;
    for (let i = 0; i < labels; i++) sum += p[i] * factors[k * outer + i * inner];
    if (sum > TINY) return most + largest + Math.log(sum);
    return logSumExp(a.map((each, i) => each + transitions[k * outer + i * inner]));
  });
}

/** The forward variables α of each word, before and with its own logits; and ln Z. */
function forwardOf(
  crf: CrfScores,
  y: FloatArray,
  allows: (t: number, label: number) => boolean = () => true,
): { alphas: Float64Array[]; logZ: number } {
  const { labels, start, end } = crf, words = y.length / labels;
  const alphas: Float64Array[] = [];
  for (let t = 0; t < words; t++) {
    const before = t === 0 ? Float64Array.from(start) : throughPairs(crf, alphas[t - 1], false);
    alphas.push(
      before.map((score, j) => allows(t, j) ? score + y[t * labels + j] : -Infinity),
    );
  }
  const last = alphas[words - 1];
  return { alphas, logZ: logSumExp(last.map((score, j) => score + end[j])) };
}

/**
 * How probable each label is at each word, `[words, labels]`, by the forward-backward algorithm in
 * log space.
 *
 * @param y The logits of the words, `[words, labels]`.
 */
export function crfMarginals(crf: CrfScores, y: FloatArray): Float64Array<ArrayBuffer> {
  const { labels, end } = crf, words = y.length / labels;
  const out = new Float64Array(y.length);
  if (words === 0) return out;
  const { alphas, logZ } = forwardOf(crf, y);
  let beta: Float64Array = Float64Array.from(end);
  for (let t = words - 1;; t--) {
    for (let j = 0; j < labels; j++) out[t * labels + j] = Math.exp(alphas[t][j] + beta[j] - logZ);
    if (t === 0) return out;
    beta = throughPairs(crf, beta.map((score, j) => score + y[t * labels + j]), true);
  }
}

/**
 * -ln p of labels, in nats.
 *
 * @param y The logits of the words, `[words, labels]`.
 * @param right The label of each word; -1 for one that is not known, where any counts.
 */
export function crfLoss(crf: CrfScores, y: FloatArray, right: ArrayLike<number>): number {
  if (y.length === 0) return 0;
  const given = forwardOf(crf, y, (t, label) => right[t] < 0 || right[t] === label);
  return Math.max(0, forwardOf(crf, y).logZ - given.logZ);
}
