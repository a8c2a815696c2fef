/**
 * Words and symbols as the page writes them.
 *
 * @module
 */
import { words } from "../words.ts";

const { marks } = words.unrolled;
const BOS = "<start or end>"; // as core names the first and the last

/** What a text begins with: the mark of its start, or the label that it is written for. */
export function shownStart(symbol: string): string {
  return symbol === BOS ? marks.start : shown(symbol);
}

/** A symbol as the eye can see it. */
export function shown(symbol: string): string {
  if (symbol === " ") return marks.space;
  if (symbol === "\n") return marks.newline;
  if (symbol === "<unk>") return marks.unknown;
  if (symbol === BOS) return marks.end;
  return symbol.replace(/^<label ([^]*)>$/, "$1");
}

const MOST_LETTERS = 14;

/** A word that has little room. */
export function shorten(word: string): string {
  return word.length > MOST_LETTERS ? `${word.slice(0, MOST_LETTERS - 1)}…` : word;
}
