/**
 * Tokenization in an exported module. As in `network.ts`, each function is emitted into the module
 * unchanged.
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

/** Splits a text into words. */
export function wordTokens(text: string, options: TokenizerOptions = TOKENIZER): string[] {
  const keepsMarks = options.punctuation === "keep";
  return truncate(segmentWords(normalForm(text, options), keepsMarks, MOST), options);
}

/** Splits a text at whitespace. */
export function spaceTokens(text: string, options: TokenizerOptions = TOKENIZER): string[] {
  return truncate(splitSpaces(text, options, MOST), options);
}

/** Splits a text into letters. */
export function letterTokens(text: string, options: TokenizerOptions = TOKENIZER): string[] {
  return truncate(splitLetters(text, options, MOST), options);
}

/** Splits a text into symbols. */
export function readSymbols(text: string): string[] {
  return splitSymbols(plainText(text), UNIT);
}

/** Returns the id of each letter. */
export function indexedLetters(): Map<string, number> {
  return indexWords(ALPHABET);
}
