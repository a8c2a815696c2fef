/**
 * Integrated gradients (Sundararajan, Taly and Yan 2017).
 *
 * @module
 */
import type { AnyModel } from "../model.ts";
import type { ExplainedText, Target } from "../reasons.ts";
import type { Uploaded } from "../task.ts";
import { mixedOutputs } from "./mixed_outputs.ts";
import { evenly, gradientsOf, outputsOf, together } from "./passes.ts";

const TOLERANCE = 0.01; // of the sum of the absolute shares
const FINER = 4, TIMES = 2; // the factor of the number of steps if the sum is off, and its repeats

/** A score, and its difference F(1) - F(0), which the shares sum to. */
export interface Difference {
  /** The score F. */
  target: Target;
  /** F(1) - F(0). */
  difference: number;
}

/**
 * Computes each word's contribution to scores. For word t with the input x_t, and with F(α) the score if
 * all inputs are scaled by α,
 *
 *     a_t = ∫₀¹ x_t ∂F/∂x_t(α) dα  ≈  1/n Σ_k x_t ∂F/∂x_t((k + ½) / n)
 *
 * The shares sum to F(1) - F(0), which is the axiom of completeness. If the sum is off by more than
 * 1%, the number of steps is increased, and the remaining error is distributed. The features of a
 * linear model that is mixed in are inputs too, and count toward the word that they belong to.
 *
 * @param steps The initial number of steps n.
 */
export async function integratedGradients(
  on: Uploaded<AnyModel>,
  text: ExplainedText,
  all: readonly Difference[],
  steps: number,
): Promise<Float64Array[]> {
  const shares = await withSteps(on, text, all, steps);
  let rest = all.map((_, i) => i);
  for (let time = 0; time < TIMES; time++) {
    const before = all.map(({ difference }, i) => missed(shares[i], difference));
    rest = rest.filter((i) => before[i] > TOLERANCE);
    if (rest.length === 0) break;
    const finer = await withSteps(on, text, rest.map((i) => all[i]), steps *= FINER);
    for (const [k, i] of rest.entries()) shares[i] = finer[k];
    rest = rest.filter((i) => missed(shares[i], all[i].difference) < before[i] / 2);
  }
  for (const [i, { difference }] of all.entries()) shareOutRest(shares[i], difference);
  return shares;
}

function sumOf(shares: Float64Array): number {
  return shares.reduce((sum, share) => sum + share, 0);
}

function sizeOf(shares: Float64Array): number {
  return shares.reduce((sum, share) => sum + Math.abs(share), 0);
}

/** Returns the error of the sum of shares, as a fraction of the sum of their absolute values. */
function missed(shares: Float64Array, difference: number): number {
  const size = sizeOf(shares);
  return size === 0 ? 0 : Math.abs(sumOf(shares) - difference) / size;
}

/**
 * Distributes the remaining error in proportion to the absolute shares. In long texts, F may jump
 * at an α that no step hits, where the recurrence switches from one state to another.
 */
function shareOutRest(shares: Float64Array, difference: number): void {
  if (missed(shares, difference) <= TOLERANCE) return;
  const by = (difference - sumOf(shares)) / sizeOf(shares);
  for (const [t, share] of shares.entries()) shares[t] += by * Math.abs(share);
}

async function withSteps(
  on: Uploaded<AnyModel>,
  text: ExplainedText,
  all: readonly Difference[],
  steps: number,
): Promise<Float64Array[]> {
  const { ids, mix } = text, factor = mix?.network ?? 1;
  const own = all.map(() => new Float64Array(ids.length)); // the shares of the network's words
  const means: Float64Array[] = []; // the mean gradients of the outputs
  const alphas = Array.from({ length: steps }, (_, k) => (k + 0.5) / steps);
  for (const some of together(alphas, ids.length)) {
    const scales = some.map((alpha) => evenly(ids.length, alpha));
    const outputs = (await outputsOf(on, text, scales))
      .map((y, k) => mixedOutputs(mix, y, some[k]));
    const gradients = all.map(({ target }) => outputs.map((each) => target.gradient(each)));
    for (const [i, some] of gradients.entries()) {
      means[i] ??= new Float64Array(some[0].length);
      for (const each of some) addTo(means[i], each, 1 / steps);
    }
    const scaled = gradients.map((some) => some.map((each) => each.map((d) => factor * d)));
    const parts = await gradientsOf(on, text, scales, scaled);
    for (const [i, each] of parts.entries()) addTo(own[i], each, 1 / steps);
  }
  const { linear } = mix ?? {};
  if (!linear) return own;
  return own.map((shares, i) => {
    const whole = linear.shares(means[i]);
    for (const [t, share] of shares.entries()) whole[linear.wordOf[t]] += share;
    return whole;
  });
}

/** Adds `some` times `factor` to `sums` in place. */
function addTo(sums: Float64Array, some: Float64Array, factor: number): void {
  for (let k = 0; k < sums.length; k++) sums[k] += factor * some[k];
}
