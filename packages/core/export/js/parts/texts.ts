/**
 * How an exported module reads texts. As with `network.ts`, each function is written into the module as
 * it stands.
 *
 * @module
 */
import type { SymbolUnit } from "../../../text/symbols.ts";
import type { TokenizerOptions } from "../../../text/tokenizer.ts";

declare const TOKENIZER: TokenizerOptions, MOST: number, UNIT: SymbolUnit;
declare const ALPHABET: readonly string[];
declare function indexWords(words: readonly string[]): Map<string, number>;
declare function normalForm(text: string, options: TokenizerOptions): string;
declare function segmentWords(text: string, keepsMarks: boolean, most: number): string[];
declare function splitSpaces(text: string, options: TokenizerOptions, most: number): string[];
declare function splitLetters(text: string, options: TokenizerOptions, most: number): string[];
declare function splitSymbols(text: string, unit: SymbolUnit): string[];
declare function truncate(words: string[], options: TokenizerOptions): string[];
declare function plainText(text: string): string;

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
