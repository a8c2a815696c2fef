/**
 * Where the words of a text stand in it.
 *
 * @module
 */
import { normalForm } from "./tokenizer.ts";

const BLANK = " "; // stands for a run of any blanks, where letters are read

/**
 * Where the words of a text start in it, one after another; -1 for a word that is not found, as the
 * text has it in another form.
 *
 * @param words The words, in any case.
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

/** A text in lower case and with plain typography, character by character of its own. */
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
