/**
 * From a text to its words, or to its letters.
 *
 * @module
 */

import { foldTypography } from "./fold.ts";
import { stripHtml } from "./html.ts";
import { latinWords, threes } from "./latin_words.ts";
import { toNfc } from "./nfc.ts";
import { splitSymbols, type SymbolUnit } from "./symbols.ts";
import { mostWords, truncate, type Truncation } from "./truncate.ts";

/** How a text becomes words. */
export interface TokenizerOptions extends Truncation {
  /** Whether Good and good are one word. */
  lowerCase: boolean;
  /** Whether marks such as ! are left out, or are words of their own. */
  punctuation: "drop" | "keep";
  /**
   * Where a text is cut: at Unicode's word boundaries; or at blank space alone, as texts are that
   * were cut already, so that marks stay with their words; or into its characters (code points) or
   * graphemes, of which a run of blanks is one, `" "`. Default: `"words"`.
   */
  split?: "words" | "spaces" | "characters" | "graphemes";
  /**
   * Whether typography means nothing: curly and straight quotes are one, full-width letters are
   * letters, soft hyphens and characters without width are left out. Default: it does mean
   * something, as in files of earlier releases; models that are made without a tokenizer fold it.
   */
  fold?: "typography";
  /**
   * Whether HTML is no text: tags are left out, and entities are characters, see `stripHtml`. Words
   * that were cut already stay as many. Default: it is text, as in files of earlier releases.
   */
  html?: "strip";
  /**
   * Whether tokens keep the case that a text has them in, though Good and good are one word: for
   * networks that read the letters of words. Default: they are as the vocabulary has them.
   */
  spelling?: "keep";
}

/** Where texts can be cut. */
export const SPLITS: readonly NonNullable<TokenizerOptions["split"]>[] = [
  ...["words", "spaces", "characters", "graphemes"] as const,
];

/** Lower case, no punctuation. */
export const DEFAULT_TOKENIZER: TokenizerOptions = { lowerCase: true, punctuation: "drop" };

/** That of new classifiers. */
export const NEW_TOKENIZER: TokenizerOptions = { ...DEFAULT_TOKENIZER, fold: "typography" };

// A flag is two regional indicators, and no pictograph by Unicode's tables.
const PICTOGRAPH = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/**
 * The words of a text in any script, by Unicode's word boundaries (UAX #29). Pictographs are
 * words: they carry sentiment. The time taken is linear in the text's length.
 *
 * @example
 * ```ts
 * import { tokenize } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tokenize("I don't mind. 👍"), ["i", "don't", "mind", "👍"]);
 * assertEquals(tokenize("Great!", { lowerCase: false, punctuation: "keep" }), ["Great", "!"]);
 * ```
 */
export function tokenize(text: string, options: TokenizerOptions = DEFAULT_TOKENIZER): string[] {
  return tokenizeTruncated(text, options).words;
}

/**
 * That of classifiers that read letters: case, marks and blanks are kept.
 *
 * @example
 * ```ts
 * import { createModel, letterTokenizer } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const names = [{ text: "Ana", label: "es" }, { text: "Ann", label: "en" }];
 * const model = createModel(names, { tokenizer: letterTokenizer("characters") });
 * assertEquals(model.vocabulary, ["<unk>", "A", "a", "n"]);
 * ```
 */
export function letterTokenizer(unit: Exclude<SymbolUnit, "words">): TokenizerOptions {
  return { lowerCase: false, punctuation: "keep", split: unit, fold: "typography" };
}

/**
 * What a tokenizer cuts texts into.
 *
 * @example
 * ```ts
 * import { letterTokenizer, tokenUnit } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tokenUnit({ lowerCase: true, punctuation: "drop" }), "words");
 * assertEquals(tokenUnit(letterTokenizer("graphemes")), "graphemes");
 * ```
 */
export function tokenUnit({ split }: Partial<TokenizerOptions> = {}): SymbolUnit {
  return split === "characters" || split === "graphemes" ? split : "words";
}

/**
 * The tokens of a text as a text again.
 *
 * @example
 * ```ts
 * import { joinTokens, letterTokenizer } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(joinTokens(["so", "good"]), "so good");
 * assertEquals(joinTokens(["A", "n", "a"], letterTokenizer("characters")), "Ana");
 * ```
 */
export function joinTokens(
  tokens: readonly string[],
  tokenizer?: TokenizerOptions,
): string {
  return tokenUnit(tokenizer) === "words" ? tokens.join(" ") : tokens.join("");
}

/** The words of a text that are read, and whether it has more. */
export function tokenizeTruncated(
  text: string,
  options: TokenizerOptions,
): { words: string[]; isTruncated: boolean } {
  const spelled = options.spelling ? { ...options, lowerCase: false } : options;
  const words = splitWords(text, spelled, mostWords(options));
  const { maxLength = Infinity } = options;
  return { words: truncate(words, options), isTruncated: words.length > maxLength };
}

/** The word of the vocabulary that a token is. */
export function wordOfToken(
  token: string,
  { lowerCase, spelling }: Pick<TokenizerOptions, "lowerCase" | "spelling">,
): string {
  return lowerCase && spelling ? toNfc(token.toLowerCase()) : token;
}

/** The first words of a text, no more than `most`. */
function splitWords(text: string, options: TokenizerOptions, most: number): string[] {
  const { punctuation, split = "words" } = options;
  if (split === "characters" || split === "graphemes") return splitLetters(text, options, most);
  if (split === "spaces") return splitSpaces(text, options, most);
  const normal = normalForm(text, options);
  const keepsMarks = punctuation === "keep";
  // Engines may have other editions of the rules: theirs hold, as for all other texts.
  isLatinTheSame ??= String(latinWords(threes(), true)) === String(segmentWords(threes(), true));
  const words = isLatinTheSame ? latinWords(normal, keepsMarks, most) : undefined;
  return words ?? segmentWords(normal, keepsMarks, most);
}

/** The first words of a text between blanks, no more than `most`. */
export function splitSpaces(text: string, options: TokenizerOptions, most: number): string[] {
  // With HTML, the case is changed afterwards: &Eacute; is not &eacute;.
  const lowerCase = options.lowerCase && !options.html;
  const words = normalForm(text, { lowerCase }).split(/\s+/u);
  // Word by word, so that there stay as many as there are labels.
  const some = words.filter((word) => word !== "").slice(0, most);
  if (!options.fold && !options.html) return some;
  return some.map((word) => {
    const form = normalForm(word, options);
    return (options.html ? form.trim().replace(/\s+/gu, "_") : form) || word;
  });
}

const MARK = /^[\p{P}\p{S}]/u;

/** The first characters or graphemes of a text, no more than `most`. */
export function splitLetters(text: string, options: TokenizerOptions, most: number): string[] {
  const line = normalForm(text, options).trim().replace(/\s+/gu, " ");
  const letters = splitSymbols(line, tokenUnit(options));
  const kept = options.punctuation === "keep"
    ? letters
    : letters.filter((letter) => !MARK.test(letter) || PICTOGRAPH.test(letter));
  return kept.length > most ? kept.slice(0, most) : kept;
}

let segmenter: Intl.Segmenter | undefined;
let isLatinTheSame: boolean | undefined;

/** What {@linkcode latinWords} finds, by the engine's segmenter and in any text. */
export function segmentWords(text: string, keepsMarks: boolean, most = Infinity): string[] {
  // One locale for every machine, so that a model reads the same everywhere.
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    const isWord = isWordLike || PICTOGRAPH.test(segment);
    if (isWord || (keepsMarks && /\S/.test(segment))) words.push(segment);
    if (words.length >= most) break;
  }
  return words;
}

/** A text as its words are written: its case, its typography, its accents. */
export function normalForm(
  text: string,
  { lowerCase, fold, html }: Pick<TokenizerOptions, "lowerCase" | "fold" | "html">,
): string {
  const plain = html === "strip" ? stripHtml(text) : text;
  const cased = lowerCase ? plain.toLowerCase() : plain;
  const folded = fold === "typography" ? foldTypography(cased) : cased;
  // NFC: é is one word's letter whether it was typed as one character or as two.
  return toNfc(folded);
}

/** The declarations of this file, for modules that are written with them in. */
export const tokenizerSource = () => ({
  splitSpaces,
  splitLetters,
  segmentWords,
  tokenUnit,
  wordOfToken,
  truncate,
  PICTOGRAPH,
  MARK,
});
