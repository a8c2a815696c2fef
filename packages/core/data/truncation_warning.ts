/**
 * Which texts are longer than their model reads.
 *
 * @module
 */
import { type TokenizerOptions, tokenizeTruncated } from "../text/tokenizer.ts";
import type { Example } from "./examples.ts";
import type { DataWarning } from "./label_warnings.ts";

/**
 * Says how many texts lose words to a tokenizer's `maxLength`.
 *
 * @example
 * ```ts
 * import { truncationWarning } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = { lowerCase: true, punctuation: "drop", maxLength: 2 } as const;
 * const examples = [{ text: "good" }, { text: "not good at all" }];
 * const warning = truncationWarning({ tokenizer }, examples);
 * assertEquals(warning?.message, "1 of 2 texts has more than 2 words; its last words are cut off");
 * ```
 */
export function truncationWarning(
  { tokenizer }: { tokenizer?: TokenizerOptions },
  examples: readonly Example[],
): DataWarning | undefined {
  if (tokenizer?.maxLength === undefined) return undefined;
  const count =
    examples.filter(({ text }) => tokenizeTruncated(text, tokenizer).isTruncated).length;
  return truncatedTexts(tokenizer, count, examples.length);
}

/** Says that so many of some texts lose words. */
export function truncatedTexts(
  { maxLength, truncate }: TokenizerOptions,
  count: number,
  texts: number,
): DataWarning | undefined {
  if (count === 0) return undefined;
  const [have, whose] = count === 1 ? ["has", "its"] : ["have", "their"];
  const lost = truncate === "start" ? "first" : "last";
  return {
    kind: "truncated",
    message: `${count} of ${texts} texts ${have} more than ${maxLength} words; ` +
      `${whose} ${lost} words are cut off`,
    count,
  };
}
