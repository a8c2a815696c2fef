/**
 * Recommends whether a classifier should read words or letters, and how much of a text.
 *
 * @module
 */
import type { SymbolUnit } from "./text/symbols.ts";
import { median } from "./text/lengths.ts";
import { tokenize, type TokenizerOptions } from "./text/tokenizer.ts";

/** How a classifier should read texts, and why. */
export interface ReadingAdvice {
  /** The unit to split texts into. */
  unit: SymbolUnit;
  /** The fraction of the words in held-out texts that the other texts do not contain. */
  unknown: number;
  /** The median number of words in a text. */
  words: number;
  /** The maximum number of words to read of a text; undefined for all. */
  maxLength?: number;
}

const ENOUGH = 100; // texts: with fewer, most held-out words are unknown anyway
const HELD_OUT = 7; // every seventh text is held out
const MOST_UNKNOWN = 0.5; // fraction of the words in held-out texts
const LONGEST = 200; // mean characters per text: longer texts would train slowly
// In words. Each time step costs time, and the beginning of an article shows what it is about.
const MOST_WORDS = 1000;

/**
 * Recommends letters if most words of a new text would be unknown, as in names and codes: measures
 * how many words of one seventh of the texts are missing from the vocabulary of the others.
 * Otherwise recommends words, and only the first thousand words if the texts are longer.
 *
 * @param texts Some of the training texts.
 * @param tokenizer How texts are split into words.
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
