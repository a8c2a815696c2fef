/**
 * Sentences from the data for the picture.
 *
 * @module
 */
import type { Settings } from "./settings.ts";
import { taskOf } from "./tasks/tasks.ts";

const WIDE = 9; // columns that fit on a screen

/** The maximum number of characters in the sentence field, the most that core reads. */
export const LONGEST_SENTENCE = 100_000;

/** Returns a sentence that shows much: long, but not wider than a screen. */
export function longest(texts: string[], settings: Settings): string {
  const isByLetters = taskOf(settings).unit(settings) !== "words";
  const length = (text: string) => (isByLetters ? [...text] : text.split(/\s+/)).length;
  const fitting = texts.filter((text) => length(text) <= WIDE);
  return (fitting.length > 0 ? fitting : texts).toSorted((a, b) => length(b) - length(a))[0] ?? "";
}

/** Returns the first half of a text; the network generates the rest. */
export function beginning(text: string, { unit }: Settings): string {
  const glue = unit === "words" ? " " : "";
  const symbols = unit === "words" ? text.split(/\s+/) : [...text];
  return symbols.slice(0, Math.ceil(symbols.length / 2)).join(glue);
}

/** Shortens a text for a button. */
export function cut(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}
