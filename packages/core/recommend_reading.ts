/**
 * Whether a classifier should read words or letters, and how much of a text.
 *
 * @module
 */
import type { SymbolUnit } from "./text/symbols.ts";
import { median } from "./text/lengths.ts";
import { tokenize, type TokenizerOptions } from "./text/tokenizer.ts";

/** How a classifier should read texts, and why. */
export interface ReadingAdvice {
  /** What to cut texts into. */
  unit: SymbolUnit;
  /** The fraction of the words of some texts that the other texts do not have. */
  unknown: number;
  /** How many words a text has: the median. */
  words: number;
  /** How many words to read of a text at most; undefined for all. */
  maxLength?: number;
}

const ENOUGH = 100; // texts: of fewer, most words are new whatever they are
const HELD_OUT = 7; // texts, of which one is held out
const MOST_UNKNOWN = 0.5; // of the words of texts that were not seen
const LONGEST = 200; // characters of a text, on average: more would be slow to learn
// Words: each step back through time costs, and the beginning of an article says what it is about.
const MOST_WORDS = 1000;

/**
 * Letters where most words of a text would be unknown, as in names and codes: the vocabulary of six
 * sevenths of the texts is held against the others. Else words, of articles the first thousand.
 *
 * @param texts Some of the texts to learn from.
 * @param tokenizer How they become words.
 *
 * @example
 * ```ts
 * import { recommendReading } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const plates = Array.from({ length: 100 }, (_, i) => `AB${7919 * i}`);
 * assertEquals(recommendReading(plates), { unit: "characters", unknown: 1, words: 1 });
 * const reviews = plates.map((_, i) => i % 2 === 0 ? "good" : "not good");
 * assertEquals(recommendReading(reviews).unit, "words");
 * ```
 */
export function recommendReading(
  texts: readonly string[],
  tokenizer?: TokenizerOptions,
): ReadingAdvice {
  const known = new Set<string>(), heldOut: string[] = [];
  const lengths: number[] = [];
  let characters = 0, unknown = 0;
  for (const [i, text] of texts.entries()) {
    characters += text.length;
    const words = tokenize(text, tokenizer), isHeldOut = i % HELD_OUT === HELD_OUT - 1;
    lengths.push(words.length);
    for (const word of words) {
      if (isHeldOut) heldOut.push(word);
      else known.add(word);
    }
  }
  for (const word of heldOut) if (!known.has(word)) unknown++;
  const fraction = heldOut.length === 0 ? 0 : unknown / heldOut.length;
  const words = median(lengths);
  const isByLetters = texts.length >= ENOUGH && fraction > MOST_UNKNOWN &&
    characters <= LONGEST * texts.length;
  return {
    unit: isByLetters ? "characters" : "words",
    unknown: fraction,
    words,
    ...(words > MOST_WORDS ? { maxLength: MOST_WORDS } : {}),
  };
}
