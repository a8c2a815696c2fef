/**
 * Examples divided into folds, for cross-validation.
 *
 * @module
 */
import { requireInteger } from "../checks.ts";
import { InputError } from "../errors.ts";
import { Random, STREAMS } from "../random.ts";
import type { Dataset } from "./dataset.ts";
import type { Example } from "./examples.ts";
import { groupedBy, labelsOf, partOf } from "./split.ts";

/** One fold of a cross-validation. */
export interface Fold<E extends Dataset | readonly Example[]> {
  /** The examples of all other folds. */
  train: E extends Dataset ? Dataset : Example[];
  /** The examples of this fold. */
  test: E extends Dataset ? Dataset : Example[];
}

/**
 * Divides examples into stratified folds: the examples of each label are shuffled and dealt out in
 * turn, so that each fold has its share of every label and each example is in exactly one fold.
 *
 * @param folds The number of folds, 2 or more.
 * @param options `seed`: the seed of the shuffle. Default: 1.
 * @throws {InputError} If there are more folds than examples, or if an argument is out of range.
 *
 * @example
 * ```ts
 * import { stratifiedFolds } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = ["a", "b", "c", "d"].flatMap((text) => [
 *   { text, label: "up" },
 *   { text, label: "down" },
 * ]);
 * const [{ train, test }] = stratifiedFolds(examples, 4);
 * assertEquals([train.length, test.map(({ label }) => label).sort()], [6, ["down", "up"]]);
 * ```
 */
export function stratifiedFolds<E extends Dataset | readonly Example[]>(
  examples: E,
  folds: number,
  { seed = 1 }: { seed?: number } = {},
): Fold<E>[] {
  requireInteger("the number of folds", folds, 2);
  requireInteger("the seed", seed, 0);
  const { length } = examples;
  if (folds > length) {
    throw new InputError(`${folds} folds need ${folds} examples, got ${length}; use fewer folds`);
  }
  const places = Uint32Array.from({ length }, (_, i) => i);
  new Random(seed, STREAMS.split).shuffle(places);
  const labelAt = labelsOf(examples);
  const groups = groupedBy(places, (i) => labelAt(i) ?? "");
  const foldOf = new Uint32Array(length);
  let next = 0;
  for (const label of [...groups.keys()].sort()) {
    for (const i of groups.get(label)!) foldOf[i] = next++ % folds;
  }
  return Array.from({ length: folds }, (_, fold) => ({
    train: partOf(examples, (i) => foldOf[i] !== fold),
    test: partOf(examples, (i) => foldOf[i] === fold),
  })) as Fold<E>[];
}
