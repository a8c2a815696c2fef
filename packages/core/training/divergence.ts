/**
 * Advice for training that diverges or stalls: what was observed, and what to try first.
 *
 * @module
 */
import type { Weights } from "../network/weights.ts";
import type { SettledOptions } from "./settled.ts";

/**
 * Returns what to try first after a loss or a weight became NaN or infinite, and what was observed.
 *
 * @param weights The last finite weights.
 * @param losses The losses since then, up to the first that is not finite. Default: none.
 */
export function divergenceAdvice(
  { learningRate, clip, clipNorm }: Pick<SettledOptions, "learningRate" | "clip" | "clipNorm">,
  weights: Weights<ArrayLike<number>>,
  losses: ArrayLike<number> = [],
): string {
  const clipping = clipNorm !== null
    ? `a gradient clipped to a norm of ${clipNorm}`
    : clip !== null
    ? `gradient components clipped to ±${clip}`
    : "a gradient that is not clipped";
  const tries = [
    `a smaller learning rate, ${round(learningRate / 10)} instead of ${learningRate}`,
    ...((clipNorm ?? Infinity) > 1 ? ["clipping the gradient's norm to 1"] : []),
    "a larger batch",
  ];
  const seen = [
    ...(losses.length > 1 ? [`losses from ${round(losses[0])} to ${round(largest(losses))}`] : []),
    clipping,
    ...largestWeight(weights),
  ];
  return `try ${tries.join(", then ")}; before the divergence: ${seen.join(", ")}`;
}

/** The largest weight and its name; in an embedding, it may come from the word vectors. */
function largestWeight(weights: Weights<ArrayLike<number>>): string[] {
  const all = Object.entries(weights).map(([name, numbers]) => ({ name, most: largest(numbers) }));
  const [first] = all.sort((a, b) => b.most - a.most);
  return first ? [`weights up to ${round(first.most)} (${first.name})`] : [];
}

function largest(numbers: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (Number.isFinite(numbers[i])) most = Math.max(most, Math.abs(numbers[i]));
  }
  return most;
}

function round(value: number): string {
  return String(Number(value.toPrecision(2)));
}

const STALLED = 0.995; // a loss above this fraction of the first epoch's has hardly fallen
const FEWEST_EPOCHS = 5; // no advice before

/**
 * Returns what to try first if the training loss has hardly fallen; undefined if it has fallen.
 *
 * @param losses The training loss of each epoch.
 *
 * @example
 * ```ts
 * import { stalledAdvice } from "@unroll/core";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const flat = [0.694, 0.693, 0.693, 0.692, 0.692];
 * assertMatch(stalledAdvice(flat, 0.001)!, /hardly fell: 0\.694 in epoch 1, 0\.692 in epoch 5/);
 * assertEquals(stalledAdvice([0.69, 0.5, 0.4, 0.3, 0.2], 0.001), undefined);
 * ```
 */
export function stalledAdvice(losses: readonly number[], learningRate: number): string | undefined {
  const [first] = losses, last = losses.at(-1)!;
  if (losses.length < FEWEST_EPOCHS || losses.some((loss) => loss < STALLED * first)) return;
  const shown = (loss: number) => Number(loss.toPrecision(3));
  return `the training loss hardly fell: ${shown(first)} in epoch 1, ${shown(last)} in epoch ` +
    `${losses.length}, at a learning rate of ${learningRate}; try ${round(10 * learningRate)}, ` +
    `then ${round(learningRate / 10)}, then more epochs, and check the examples: ` +
    "the network should be able to memorize a few of them";
}
