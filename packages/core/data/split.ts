/**
 * Splits examples into training and validation.
 *
 * @module
 */
import { requireBoolean, requireInteger, requireOptions } from "../checks.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { Random, STREAMS } from "../random.ts";
import { type Dataset, isDataset } from "./dataset.ts";
import type { Example } from "./examples.ts";

const IDS = 10; // unique labels that suggest ids; with fewer, the data is probably a first try

/** Examples in two parts: two datasets if split from a dataset, else two arrays. */
export interface Split<E extends Dataset | readonly Example[]> {
  /** The training examples. */
  train: E extends Dataset ? Dataset : Example[];
  /** The examples held out for validation. */
  validation: E extends Dataset ? Dataset : Example[];
}

/**
 * Holds out a fraction of the examples for validation, stratified by label.
 *
 * @param fraction The validation split, above 0 and below 1.
 * @param options `seed`: the seed of the shuffle (default: 1). `byLabel`: whether to stratify by
 *   label (default: true); turn it off if labels are lists of tags.
 * @throws {InputError} If no example can be held out, or if an argument is out of range.
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
export function splitExamples<E extends Dataset | readonly Example[]>(
  examples: E,
  fraction: number,
  options: { seed?: number; byLabel?: boolean } = {},
): Split<E> {
  requireOptions("splitExamples()", options, ["seed", "byLabel"]);
  const { seed = 1, byLabel = true } = options;
  requireInteger("the seed", seed, 0);
  requireBoolean("byLabel", byLabel);
  if (!(fraction > 0 && fraction < 1)) {
    throw new InputError(`the validation split must be above 0 and below 1, got ${fraction}`);
  }
  const { length } = examples;
  const places = Uint32Array.from({ length }, (_, i) => i);
  new Random(seed, STREAMS.split).shuffle(places);
  const groups = groupedBy(places, byLabel ? labelsOf(examples) : () => "");
  const isAside = new Uint8Array(length);
  let owed = 0, aside = 0; // `owed`: the examples that rounding has kept in training so far
  for (const label of [...groups.keys()].sort()) {
    const group = groups.get(label)!;
    owed += fraction * group.length;
    const count = Math.min(Math.round(owed), group.length - 1); // training keeps one per label
    owed -= count;
    for (let i = 0; i < count; i++) isAside[group[i]] = 1;
    aside += Math.max(0, count);
  }
  if (aside === 0 && groups.size === length && length >= IDS) {
    const [label = ""] = groups.keys();
    throw new InputError(
      `each of the ${length} labels occurs once, such as ${quote(label)}, so no example can be ` +
        "held out for validation; name the label column, or train without validation " +
        "(--validation 0)",
    );
  }
  if (aside === 0) {
    throw new InputError(
      `${length} examples are too few to hold out ${fraction} of them for validation; ` +
        "give more examples, or a larger split",
    );
  }
  const part = (side: number) => partOf(examples, (i) => isAside[i] === side);
  return { train: part(0), validation: part(1) } as Split<E>;
}

/** Returns the examples whose index passes `isIn`, in their order. */
export function partOf(
  examples: Dataset | readonly Example[],
  isIn: (i: number) => boolean,
): Dataset | Example[] {
  let count = 0;
  for (let i = 0; i < examples.length; i++) if (isIn(i)) count++;
  const rows = new Uint32Array(count);
  for (let i = 0, k = 0; i < examples.length; i++) if (isIn(i)) rows[k++] = i;
  return isDataset(examples) ? examples.select(rows) : Array.from(rows, (i) => examples.at(i)!);
}

/** Groups example indices by label, in their order, in typed arrays. */
export function groupedBy(
  places: Uint32Array,
  labelAt: (i: number) => string | undefined,
): Map<string | undefined, Uint32Array> {
  const counts = new Map<string | undefined, number>();
  for (const i of places) counts.set(labelAt(i), (counts.get(labelAt(i)) ?? 0) + 1);
  const groups = new Map<string | undefined, Uint32Array>();
  for (const [label, count] of counts) groups.set(label, new Uint32Array(count));
  for (const i of places) {
    const label = labelAt(i), left = counts.get(label)!, group = groups.get(label)!;
    group[group.length - left] = i;
    counts.set(label, left - 1);
  }
  return groups;
}

/** Returns a function that reads the label of an example, without joining its text. */
export function labelsOf(
  examples: Dataset | readonly Example[],
): (i: number) => string | undefined {
  if (!isDataset(examples)) return (i) => examples.at(i)!.label;
  const { labels } = examples;
  return (i) =>
    labels.lengthAt(i) === 1
      ? labels.tokens[labels.idAt(i, 0)]
      : Array.from(labels.ids(i), (id) => labels.tokens[id]).join(" ");
}
