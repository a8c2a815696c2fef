/**
 * How an exported module reads texts. As with `network.ts`, each function is written into the module as
 * it stands.
 *
 * @module
 */
import { splitSymbols } from "../../../text/symbols.ts";
import {
  segmentWords,
  splitLetters,
  splitSpaces,
  type TokenizerOptions,
} from "../../../text/tokenizer.ts";
import { indexWords } from "../../../text/vocabulary.ts";
import { ALPHABET, MOST, normalForm, plainText, TOKENIZER, truncate, UNIT } from "./model.ts";

/** The words of a text. */
export function wordTokens(text: string, options: TokenizerOptions = TOKENIZER): string[] {
  const keepsMarks = options.punctuation === "keep";
  return truncate(segmentWords(normalForm(text, options), keepsMarks, MOST), options);
}

/** What stands between the blanks of a text. */
export function spaceTokens(text: string, options: TokenizerOptions = TOKENIZER): string[] {
  return truncate(splitSpaces(text, options, MOST), options);
}

/** The letters of a text. */
export function letterTokens(text: string, options: TokenizerOptions = TOKENIZER): string[] {
  return truncate(splitLetters(text, options, MOST), options);
}

/** The symbols of a text. */
export function readSymbols(text: string): string[] {
  return splitSymbols(plainText(text), UNIT);
}

/** The ids of letters. */
export function indexedLetters(): Map<string, number> {
  return indexWords(ALPHABET);
}
