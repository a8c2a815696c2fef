/**
 * How much of a long text a model reads.
 *
 * @module
 */

/** The ends of a text that can be cut off: Keras' `"pre"` and `"post"`. */
export const TRUNCATE = ["start", "end"] as const;

/** How long texts are truncated. */
export interface Truncation {
  /** The words of a text that are read at most. Default: all. */
  maxLength?: number;
  /** The end that a longer text loses: `"start"` keeps its last words. Default: `"end"`. */
  truncate?: typeof TRUNCATE[number];
}

/**
 * The words of a text that are read.
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

/** How many words have to be found in a text, from its start, to know whether it has too many. */
export function mostWords({ maxLength = Infinity, truncate }: Truncation): number {
  return truncate === "start" ? Infinity : maxLength + 1;
}
