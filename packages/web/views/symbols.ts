/**
 * Words and symbols as the page writes them.
 *
 * @module
 */
import { words } from "../words.ts";

const { marks } = words.unrolled;
const BOS = "<start or end>"; // core's name of the first and the last symbol

/** Formats the start of a text: the start mark, or the label that the text is written for. */
export function shownStart(symbol: string): string {
  return symbol === BOS ? marks.start : shown(symbol);
}

/** Formats a symbol visibly. */
export function shown(symbol: string): string {
  if (symbol === " ") return marks.space;
  if (symbol === "\n") return marks.newline;
  if (symbol === "<unk>") return marks.unknown;
  if (symbol === BOS) return marks.end;
  return symbol.replace(/^<label ([^]*)>$/, "$1");
}

const MOST_LETTERS = 14;

/** Shortens a word for a narrow column. */
export function shorten(word: string): string {
  return word.length > MOST_LETTERS ? `${word.slice(0, MOST_LETTERS - 1)}…` : word;
}
