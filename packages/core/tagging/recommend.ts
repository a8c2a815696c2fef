/**
 * Whether a conditional random field (CRF) suits the tags of examples.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { differentLabels } from "../data/token_counts.ts";
import type { Sequence } from "../sequence.ts";
import { type TagScheme, tagSchemeOf } from "./entities.ts";
import { splitTags } from "./model.ts";

/**
 * Returns the tagging scheme of examples if a CRF suits it, because a tag restricts the next one:
 * in BIO, no I follows O. Returns undefined for IO, and for labels that mark no entities.
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
