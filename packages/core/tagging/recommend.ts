/**
 * Whether a conditional random field suits tags.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { differentLabels } from "../data/token_counts.ts";
import type { Sequence } from "../sequence.ts";
import { type TagScheme, tagSchemeOf } from "./entities.ts";
import { splitTags } from "./model.ts";

/**
 * How the tags of examples mark entities, where a tag says what may come next, as in BIO, so that a
 * CRF suits them: after O comes no I. Undefined for IO, and for other labels.
 *
 * @example
 * ```ts
 * import { createModel, recommendCrf } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "Ann Lee called", label: "B-PER I-PER O" }];
 * assertEquals(recommendCrf(examples), "BIO");
 * const model = createModel(examples, { head: "token", crf: true });
 * assertEquals(model.weights.transitions.length, 9);
 * ```
 */
export function recommendCrf(examples: Sequence<Example>): TagScheme | undefined {
  const scheme = tagSchemeOf(differentLabels(examples, splitTags));
  return scheme === "IO" ? undefined : scheme;
}
