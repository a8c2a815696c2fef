/**
 * From a text to its words.
 *
 * @module
 */

/** How a text becomes words. */
export interface TokenizerOptions {
  /** Whether Good and good are one word. */
  lowerCase: boolean;
  /** Whether marks such as ! are left out, or are words of their own. */
  punctuation: "drop" | "keep";
}

/** Lower case, no punctuation. */
export const DEFAULT_TOKENIZER: TokenizerOptions = { lowerCase: true, punctuation: "drop" };

// One locale for every machine, so that a model reads the same everywhere.
const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/**
 * The words of a text in any script, by Unicode's word boundaries (UAX #29). Pictographs are
 * words: they carry sentiment.
 *
 * @example
 * ```ts
 * import { tokenize } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tokenize("I don't mind. 👍"), ["i", "don't", "mind", "👍"]);
 * assertEquals(tokenize("Great!", { lowerCase: false, punctuation: "keep" }), ["Great", "!"]);
 * ```
 */
export function tokenize(text: string, options: TokenizerOptions = DEFAULT_TOKENIZER): string[] {
  const { lowerCase, punctuation } = options;
  // NFC: é is one word's letter whether it was typed as one character or as two.
  const normal = (lowerCase ? text.toLowerCase() : text).normalize("NFC");
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(normal)) {
    const isWord = isWordLike || /\p{Extended_Pictographic}/u.test(segment);
    if (isWord || (punctuation === "keep" && /\S/.test(segment))) words.push(segment);
  }
  return words;
}
