/**
 * The tokenization of imported models: determined by options, by the vocabulary's file, or by its
 * words.
 *
 * @module
 */
import type { SymbolUnit } from "../text/symbols.ts";
import { DEFAULT_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import type { TokenList } from "./token_list.ts";

const SPECIAL = /^(<.*>|\[.*\])$/su;

/** Returns the words of a vocabulary without special tokens. */
function plainWords({ words }: TokenList): string[] {
  return words.filter((word) => !SPECIAL.test(word));
}

/** Returns the unit of a vocabulary: characters if every word has one, otherwise words. */
export function unitBy(list: TokenList): SymbolUnit {
  const plain = plainWords(list);
  return plain.length > 1 && plain.every((word) => [...word].length === 1) ? "characters" : "words";
}

/** Returns the tokenizer options that fit the words of a vocabulary. */
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

/** Describes a tokenizer in a sentence. */
export function tokenizerInWords({ lowerCase, punctuation, split }: TokenizerOptions): string {
  const cut = {
    words: "split at word boundaries",
    spaces: "split at whitespace",
    characters: "split into characters",
    graphemes: "split into graphemes",
  }[split ?? "words"];
  const marks = split === "spaces"
    ? "punctuation stays with its word"
    : punctuation === "keep"
    ? "punctuation marks are words"
    : "punctuation is dropped";
  const letters = lowerCase ? "in lower case" : "with their case kept";
  return `texts are read ${letters}, ${cut}; ${marks}`;
}
