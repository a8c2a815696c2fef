/**
 * How imported models read texts: what was asked for, what the vocabulary's file says, and what its
 * words show.
 *
 * @module
 */
import type { SymbolUnit } from "../text/symbols.ts";
import { DEFAULT_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import type { TokenList } from "./token_list.ts";

const SPECIAL = /^(<.*>|\[.*\])$/su;

/** The words that texts can have. */
function plainWords({ words }: TokenList): string[] {
  return words.filter((word) => !SPECIAL.test(word));
}

/** What texts are cut into, by the words of a vocabulary: characters, where all are. */
export function unitBy(list: TokenList): SymbolUnit {
  const plain = plainWords(list);
  return plain.length > 1 && plain.every((word) => [...word].length === 1) ? "characters" : "words";
}

/** A tokenizer that gives the words of a vocabulary. */
export function tokenizerBy(
  list: TokenList,
  split: TokenizerOptions["split"],
  asked: Partial<TokenizerOptions>,
): TokenizerOptions {
  const words = plainWords(list), unit = unitBy(list);
  const cut = unit === "words" ? split : unit;
  return {
    ...DEFAULT_TOKENIZER,
    lowerCase: words.every((word) => word === word.toLowerCase()),
    punctuation: words.some((word) => /^[.,!?]$/.test(word)) ? "keep" : "drop",
    ...(cut && { split: cut }),
    ...list.reading,
    ...asked,
  };
}

/** How a tokenizer reads texts, in a sentence. */
export function tokenizerInWords({ lowerCase, punctuation, split }: TokenizerOptions): string {
  const cut = {
    words: "cut at word boundaries",
    spaces: "cut at blank space",
    characters: "cut into characters",
    graphemes: "cut into graphemes",
  }[split ?? "words"];
  const marks = split === "spaces"
    ? "marks stay with their words"
    : punctuation === "keep"
    ? "marks are words"
    : "marks are left out";
  const letters = lowerCase ? "in lower case" : "in the case they have";
  return `texts are read ${letters}, ${cut}; ${marks}`;
}
