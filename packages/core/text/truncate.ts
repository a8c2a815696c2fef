/**
 * Truncates long texts.
 *
 * @module
 */

/** The ends of a text that can be cut off: Keras' `"pre"` and `"post"`. */
export const TRUNCATE = ["start", "end"] as const;

/** How long texts are truncated. */
export interface Truncation {
  /** The maximum number of words read of a text. Default: no limit. */
  maxLength?: number;
  /** The end where longer texts are cut off: `"start"` keeps the last words. Default: `"end"`. */
  truncate?: typeof TRUNCATE[number];
}

/**
 * Returns the words of a text that are read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const words = ["not", "good", "at", "all"];
 * assertEquals(truncate(words, { maxLength: 2 }), ["not", "good"]);
 * assertEquals(truncate(words, { maxLength: 2, truncate: "start" }), ["at", "all"]);
 * ```
 */
export function truncate<T>(
  words: T[],
  { maxLength = Infinity, truncate = "end" }: Truncation,
): T[] {
  if (words.length <= maxLength) return words;
  return truncate === "start" ? words.slice(-maxLength) : words.slice(0, maxLength);
}

/** Returns how many words to find, from the start of a text, to know whether it is truncated. */
export function mostWords({ maxLength = Infinity, truncate }: Truncation): number {
  return truncate === "start" ? Infinity : maxLength + 1;
}
