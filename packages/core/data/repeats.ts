/**
 * Finds texts that occur in both of two sets of examples.
 *
 * @module
 */
import type { Sequence } from "../sequence.ts";
import { isDataset } from "./dataset.ts";
import type { Example } from "./examples.ts";
import type { DataWarning } from "./label_warnings.ts";
import { hashOf, hashOfText, placeOf } from "./text_watch.ts";

const SHARE = 0.01; // the fraction of validation examples up to which scores hardly change
const LOOKED_AT = 10_000; // tokens of a text that are compared

/**
 * Returns a warning if more than 1% of the validation examples have a text that is also in the
 * training split. In datasets, texts are equal if their tokens are; in arrays of examples, if they
 * differ only in case, whitespace or Unicode normalization.
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
  const isFound = new Uint8Array(length); // set at the first of several equal hashes
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
    message: `${count} of ${length} validation examples ${have} of the training split, so the ` +
      "validation scores are too optimistic; remove rows with repeated texts",
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
