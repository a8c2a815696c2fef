/**
 * A part of the examples set aside.
 *
 * @module
 */
import { requireBoolean, requireInteger, requireOptions } from "../checks.ts";
import { InputError } from "../errors.ts";
import { Random, STREAMS } from "../random.ts";
import type { Example } from "./examples.ts";

/**
 * Sets a fraction of the examples aside, of each label alike.
 *
 * @param fraction How much to set aside, above 0 and below 1.
 * @param options `seed` of the draw (default: 1); `byLabel`, whether each label gives its part
 *   (default: true), which means nothing where labels are lists of tags.
 * @throws {InputError} Where one part would be empty.
 *
 * @example
 * ```ts
 * import { splitExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = ["a", "b", "c", "d"].flatMap((text) => [
 *   { text, label: "up" },
 *   { text, label: "down" },
 * ]);
 * const { train, validation } = splitExamples(examples, 0.25);
 * assertEquals([train.length, validation.length], [6, 2]);
 * assertEquals(validation.map(({ label }) => label).sort(), ["down", "up"]);
 * ```
 */
export function splitExamples(
  examples: readonly Example[],
  fraction: number,
  options: { seed?: number; byLabel?: boolean } = {},
): { train: Example[]; validation: Example[] } {
  requireOptions("splitExamples()", options, ["seed", "byLabel"]);
  const { seed = 1, byLabel = true } = options;
  requireInteger("the seed", seed, 0);
  requireBoolean("byLabel", byLabel);
  if (!(fraction > 0 && fraction < 1)) {
    throw new InputError(`the validation split must be above 0 and below 1, got ${fraction}`);
  }
  const places = examples.map((_, i) => i);
  new Random(seed, STREAMS.split).shuffle(places);
  const groups = new Map<string | undefined, number[]>(); // Map.groupBy is not in every Node.js
  for (const i of places) {
    const label = byLabel ? examples[i].label : "";
    if (!groups.has(label)) groups.set(label, []);
    groups.get(label)!.push(i);
  }
  const aside = new Set<number>();
  let owed = 0; // what rounding has kept back so far
  for (const label of [...groups.keys()].sort()) {
    const group = groups.get(label)!;
    owed += fraction * group.length;
    const count = Math.min(Math.round(owed), group.length - 1); // training keeps one of each
    owed -= count;
    for (const i of group.slice(0, count)) aside.add(i);
  }
  if (aside.size === 0) {
    throw new InputError(
      `${examples.length} examples are too few to set ${fraction} of them aside for validation; ` +
        "give more, or a larger split",
    );
  }
  return {
    train: examples.filter((_, i) => !aside.has(i)),
    validation: examples.filter((_, i) => aside.has(i)),
  };
}
