/**
 * Warns about texts longer than their model reads.
 *
 * @module
 */
import { type TokenizerOptions, tokenizeTruncated, tokenUnit } from "../text/tokenizer.ts";
import type { Example } from "./examples.ts";
import type { DataWarning } from "./label_warnings.ts";

/**
 * Returns a warning with the number of texts that a tokenizer's `maxLength` truncates, if any.
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
  examples: Iterable<Example>,
): DataWarning | undefined {
  const watch = watchTruncation(tokenizer);
  for (const example of examples) watch.add(example);
  return watch.warning();
}

/** Checks examples for truncation, one at a time. */
export interface TruncationWatch {
  /** Checks the next example. */
  add(example: Example): void;
  /** Returns a warning if any texts were truncated. */
  warning(): DataWarning | undefined;
}

/** Creates a watch without any examples. */
export function watchTruncation(tokenizer?: TokenizerOptions): TruncationWatch {
  let count = 0, texts = 0;
  return {
    add({ text }) {
      texts++;
      if (tokenizer?.maxLength === undefined) return;
      if (tokenizeTruncated(text, tokenizer).isTruncated) count++;
    },
    warning() {
      if (tokenizer === undefined || count === 0) return undefined;
      const { maxLength, truncate } = tokenizer, unit = tokenUnit(tokenizer);
      const [have, whose] = count === 1 ? ["has", "its"] : ["have", "their"];
      const lost = truncate === "start" ? "first" : "last";
      return {
        kind: "truncated",
        message: `${count} of ${texts} texts ${have} more than ${maxLength} ${unit}; ` +
          `${whose} ${lost} ${unit} are cut off`,
        count,
      };
    },
  };
}
