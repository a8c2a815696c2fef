/**
 * Texts that stand in two sets of examples.
 *
 * @module
 */
import type { Sequence } from "../sequence.ts";
import { isDataset } from "./dataset.ts";
import type { Example } from "./examples.ts";
import type { DataWarning } from "./label_warnings.ts";
import { hashOf, hashOfText, placeOf } from "./text_watch.ts";

const SHARE = 0.01; // of the validation examples, below which it changes no figure
const LOOKED_AT = 10_000; // tokens of a text

/**
 * Says how many validation examples have a text that is trained on too, where more than a hundredth
 * have. Texts are one where they have the same words as their model reads them, or, of examples that
 * are no dataset, but for case, blanks and their spelling in Unicode.
 *
 * @example
 * ```ts
 * import { repeatWarning } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const train = [{ text: "good" }, { text: "bad" }], validation = [{ text: "Good" }];
 * const warning = repeatWarning(train, validation);
 * assertEquals([warning?.kind, warning?.count], ["repeated-texts", 1]);
 * ```
 */
export function repeatWarning(
  train: Sequence<Example>,
  validation: Sequence<Example>,
): DataWarning | undefined {
  const { length } = validation;
  if (length === 0) return undefined;
  const areDatasets = isDataset(train) && isDataset(validation);
  const hashIn = areDatasets ? hashOfTokens : hashOfExample;
  const hashes = Float64Array.from({ length }, (_, i) => hashIn(validation, i)).sort();
  const isFound = new Uint8Array(length); // the first of those that are the same
  for (let i = 0; i < train.length; i++) {
    const place = placeOf(hashIn(train, i), hashes);
    if (place >= 0) isFound[place] = 1;
  }
  let count = 0;
  for (let i = 0, first = 0; i < length; i++) {
    if (hashes[i] !== hashes[first]) first = i;
    count += isFound[first];
  }
  if (count <= SHARE * length) return undefined;
  const have = count === 1 ? "has a text" : "have texts";
  return {
    kind: "repeated-texts",
    message: `${count} of ${length} validation examples ${have} of the training part, so that ` +
      "validation looks better than it is; remove rows whose text comes again",
    count,
  };
}

function hashOfExample(examples: Sequence<Example>, i: number): number {
  return hashOfText(examples.at(i)!.text);
}

function hashOfTokens(examples: Sequence<Example>, i: number): number {
  if (!isDataset(examples)) return hashOfExample(examples, i);
  const { texts } = examples, length = texts.lengthAt(i);
  const ids = texts.ids(i, undefined, 0, Math.min(length, LOOKED_AT));
  return hashOf(ids.length + 1, (t) => t < ids.length ? ids[t] : length);
}
