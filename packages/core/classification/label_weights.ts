/**
 * Label weights: how much each label counts in the loss.
 *
 * @module
 */
import { requireLeast, shown } from "../checks.ts";
import { quoteSome } from "../data/records.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { labelIds } from "./encode.ts";
import type { EncodedSet } from "../training/encoded.ts";
import type { SettledOptions } from "../training/settled.ts";

/**
 * Returns each label's weight in the loss, by label id; undefined without weights.
 *
 * @param counts The number of targets that have each label.
 * @throws {InputError} If a label is unknown, a weight is not a number of at least 0, or all are 0.
 */
export function settleLabelWeights(
  weights: SettledOptions["labelWeights"],
  labels: readonly string[],
  counts: readonly number[],
): number[] | undefined {
  if (weights === null) return undefined;
  if (weights === "balanced") {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => total / (labels.length * Math.max(1, count)));
  }
  if (typeof weights !== "object") {
    throw new InputError(
      `the label weights must be "balanced" or a number for each label, got ${shown(weights)}`,
    );
  }
  const idOf = labelIds(labels), given = new Map<number, number>();
  for (const [label, weight] of Object.entries(weights)) {
    const id = idOf(label);
    if (id === undefined) {
      throw new InputError(`the label weights name ${quote(label)}, which is not a label`);
    }
    requireLeast(`the weight of the label ${quote(label)}`, weight, 0);
    given.set(id, weight);
  }
  const settled = labels.map((_, id) => given.get(id) ?? 1);
  if (settled.some((weight, id) => weight > 0 && counts[id] > 0)) return settled;
  throw new InputError("every label has weight 0; give at least one a weight above 0");
}

/**
 * Returns the mean weight of a target.
 *
 * @param counts The number of targets that have each label.
 * @throws {InputError} If the mean overflows or is 0: the weights are too large or too small.
 */
export function meanWeightOf(weights: readonly number[], counts: readonly number[]): number {
  let total = 0, count = 0;
  for (const [id, weight] of weights.entries()) {
    total += weight * counts[id];
    count += counts[id];
  }
  const mean = total / count;
  if (mean > 0 && mean < Infinity) return mean;
  throw new InputError(`the label weights average to ${mean}; give weights closer to 1`);
}

/**
 * Throws if examples have no loss because each of their labels has the weight 0.
 *
 * @param what What to call the examples in the message.
 * @throws {InputError} If so; the message lists their labels.
 */
export function requireWeight(
  what: string,
  examples: EncodedSet,
  labels: readonly string[],
  weights?: readonly number[],
): void {
  if (!weights || examples.length === 0) return;
  const ids = new Set<number>();
  for (const example of examples) for (const id of example.labels) if (id >= 0) ids.add(id);
  for (const id of ids) if (weights[id] > 0) return;
  throw new InputError(
    `every label of ${what} has weight 0: ${quoteSome([...ids].map((id) => labels[id]))}; ` +
      "give at least one a weight above 0",
  );
}
