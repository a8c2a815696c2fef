/**
 * Texts and their numbers as a network reads them.
 *
 * @module
 */
import { encodeLabeled } from "../classification/encode.ts";
import type { Example } from "../data/examples.ts";
import { differentLabels } from "../data/token_counts.ts";
import type { Sequence } from "../sequence.ts";
import { type EncodedSet, encodedSet, wordsAt } from "../training/encoded.ts";
import type { RegressionModel } from "./model.ts";
import { bitsOf, numberOf, ONE_NUMBER } from "./number.ts";

/** Encodes examples as word ids, each with its number in the form of {@linkcode bitsOf}. */
export function encodeNumbers(
  model: Omit<RegressionModel, "weights">,
  examples: Sequence<Example>,
): EncodedSet {
  const labels = differentLabels(examples);
  const encoded = encodeLabeled({ ...model, labels }, examples, ONE_NUMBER);
  const bits = labels.map((label) => bitsOf(numberOf(label)));
  return encodedSet(
    encoded.length,
    (i) => wordsAt(encoded, i),
    (i) => encoded.at(i)!.words,
    (i) => bits[encoded.at(i)!.labels[0]],
  );
}
