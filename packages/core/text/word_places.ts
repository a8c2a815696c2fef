/**
 * Locates the words of a text in it.
 *
 * @module
 */
import { normalForm } from "./tokenizer.ts";

const BLANK = " "; // the token for a run of whitespace, in models that read characters

/**
 * Returns the index in a text at which each of its words starts; -1 for a word that is not found,
 * because it has another form in the text.
 *
 * @param words The words, in the order of the text and in any case.
 *
 * @example
 * ```ts
 * import { wordPlaces } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wordPlaces("Don’t STOP, ﬁne!", ["don't", "stop", "fine"]), Int32Array.of(0, 6, -1));
 * ```
 */
export function wordPlaces(text: string, words: readonly string[]): Int32Array {
  const plain = plainForm(text);
  let end = 0;
  return Int32Array.from(words, (word) => {
    const start = word === BLANK ? blankIn(plain, end) : plain.indexOf(plainForm(word), end);
    if (start >= 0) end = start + word.length;
    return start;
  });
}

function blankIn(text: string, from: number): number {
  const at = text.slice(from).search(/\s/u);
  return at < 0 ? at : from + at;
}

/** Converts a text to lower case and plain typography without moving any character. */
function plainForm(text: string): string {
  const forms = new Map<string, string>();
  return Array.from(text, (character) => {
    const known = forms.get(character);
    if (known !== undefined) return known;
    const form = normalForm(character, { lowerCase: true, fold: "typography" });
    const same = form.length === character.length ? form : character;
    forms.set(character, same);
    return same;
  }).join("");
}
