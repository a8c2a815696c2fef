/**
 * Splits texts into words or characters.
 *
 * @module
 */

import { foldTypography } from "./fold.ts";
import { stripHtml } from "./html.ts";
import { latinWords, threes } from "./latin_words.ts";
import { toNfc } from "./nfc.ts";
import { splitSymbols, type SymbolUnit } from "./symbols.ts";
import { mostWords, truncate, type Truncation } from "./truncate.ts";

/** How texts are split into tokens. */
export interface TokenizerOptions extends Truncation {
  /** Whether words are converted to lower case, so that Good and good are one word. */
  lowerCase: boolean;
  /** Whether punctuation marks, such as !, are dropped or kept as separate words. */
  punctuation: "drop" | "keep";
  /**
   * Where texts are split. `"words"`: at Unicode's word boundaries. `"spaces"`: only at whitespace,
   * for texts that are already tokenized; punctuation stays attached to its word. `"characters"`
   * (code points) or `"graphemes"`: a run of whitespace is one token, `" "`. Default: `"words"`.
   */
  split?: "words" | "spaces" | "characters" | "graphemes";
  /**
   * `"typography"`: straightens quotes, makes full-width letters regular, and removes soft hyphens
   * and zero-width characters. Default: typography is kept, as in files of earlier releases; models
   * created without a tokenizer fold it.
   */
  fold?: "typography";
  /**
   * `"strip"`: removes tags and decodes entities; see `stripHtml`. With `split: "spaces"`, the
   * number of words stays the same. Default: HTML is text, as in files of earlier releases.
   */
  html?: "strip";
  /**
   * `"keep"`: tokens keep their case even if `lowerCase` makes Good and good one word, for networks
   * that read characters. Default: tokens have the form of the vocabulary.
   */
  spelling?: "keep";
  /**
   * `"drop"`: for `"characters"` and `"graphemes"`, whitespace is no token, so that there is one
   * label for each other character. Default: a run of whitespace is one token.
   */
  whitespace?: "drop";
}

/** All values of {@linkcode TokenizerOptions.split}. */
export const SPLITS: readonly NonNullable<TokenizerOptions["split"]>[] = [
  ...["words", "spaces", "characters", "graphemes"] as const,
];

/** The default tokenizer: lower case, without punctuation. */
export const DEFAULT_TOKENIZER: TokenizerOptions = { lowerCase: true, punctuation: "drop" };

/** The tokenizer of new classifiers. */
export const NEW_TOKENIZER: TokenizerOptions = { ...DEFAULT_TOKENIZER, fold: "typography" };

// A flag is two regional indicators, which Unicode does not class as pictographs.
const PICTOGRAPH = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/**
 * Splits a text in any script into words, by default at Unicode's word boundaries (UAX #29). Emoji
 * are words: they carry sentiment. Takes time linear in the length of the text.
 *
 * @param options How the text is split. Default: {@linkcode DEFAULT_TOKENIZER}.
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
 * Returns the tokenizer of character-level classifiers: case, punctuation and spaces are kept.
 * Character-level taggers add `whitespace: "drop"`.
 *
 * @example
 * ```ts
 * import { createModel, letterTokenizer } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const names = [{ text: "Ana", label: "es" }, { text: "Ann", label: "en" }];
 * const model = createModel(names, { tokenizer: letterTokenizer("characters") });
 * assertEquals(model.vocabulary, ["<unk>", "A", "a", "n"]);
 *
 * const tokenizer = { ...letterTokenizer("characters"), whitespace: "drop" } as const;
 * const tagger = createModel([{ text: "去北京", label: "O B I" }], { head: "token", tokenizer });
 * assertEquals(tagger.labels, ["B", "I", "O"]);
 * ```
 */
export function letterTokenizer(unit: Exclude<SymbolUnit, "words">): TokenizerOptions {
  return { lowerCase: false, punctuation: "keep", split: unit, fold: "typography" };
}

/**
 * Returns the unit of a tokenizer's tokens.
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
 * Joins the tokens of a text into a text again.
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

/** Returns the words of a text that are read, and whether the text has more. */
export function tokenizeTruncated(
  text: string,
  options: TokenizerOptions,
): { words: string[]; isTruncated: boolean } {
  const spelled = options.spelling ? { ...options, lowerCase: false } : options;
  const words = splitWords(text, spelled, mostWords(options));
  const { maxLength = Infinity } = options;
  return { words: truncate(words, options), isTruncated: words.length > maxLength };
}

/**
 * Returns the tokenizer of the same tokens as they are in the text: in their own case and, where
 * their number cannot change, in their own typography.
 */
export function writtenTokenizer(options: TokenizerOptions): TokenizerOptions {
  const { fold, ...rest } = options, isFixed = options.split === "spaces" || options.whitespace;
  return { ...rest, ...(isFixed || !fold ? {} : { fold }), lowerCase: false };
}

/** Returns a token in the form of the vocabulary. */
export function wordOfToken(
  token: string,
  { lowerCase, spelling }: Pick<TokenizerOptions, "lowerCase" | "spelling">,
): string {
  return lowerCase && spelling ? toNfc(token.toLowerCase()) : token;
}

/** Returns the first words of a text, at most `most`. */
function splitWords(text: string, options: TokenizerOptions, most: number): string[] {
  const { punctuation, split = "words" } = options;
  if (split === "characters" || split === "graphemes") return splitLetters(text, options, most);
  if (split === "spaces") return splitSpaces(text, options, most);
  const normal = normalForm(text, options);
  const keepsMarks = punctuation === "keep";
  // If the engine has another version of Unicode's rules, its segmenter is used for all texts.
  isLatinTheSame ??= String(latinWords(threes(), true)) === String(segmentWords(threes(), true));
  const words = isLatinTheSame ? latinWords(normal, keepsMarks, most) : undefined;
  return words ?? segmentWords(normal, keepsMarks, most);
}

/** Returns the first whitespace-separated words of a text, at most `most`. */
export function splitSpaces(text: string, options: TokenizerOptions, most: number): string[] {
  // With HTML, the case is changed later: &Eacute; is not &eacute;.
  const lowerCase = options.lowerCase && !options.html;
  const words = normalForm(text, { lowerCase }).split(/\s+/u);
  // Word by word, so that there are still as many as labels.
  const some = words.filter((word) => word !== "").slice(0, most);
  if (!options.fold && !options.html) return some;
  return some.map((word) => {
    const form = normalForm(word, options);
    return (options.html ? form.trim().replace(/\s+/gu, "_") : form) || word;
  });
}

const MARK = /^[\p{P}\p{S}]/u;

/** Returns the first characters or graphemes of a text, at most `most`. */
export function splitLetters(text: string, options: TokenizerOptions, most: number): string[] {
  if (options.whitespace) return splitLabeledLetters(text, options, most);
  const line = normalForm(text, options).trim().replace(/\s+/gu, " ");
  const letters = splitSymbols(line, tokenUnit(options));
  const kept = options.punctuation === "keep"
    ? letters
    : letters.filter((letter) => !MARK.test(letter) || PICTOGRAPH.test(letter));
  return kept.length > most ? kept.slice(0, most) : kept;
}

/** Returns the first characters or graphemes of a text that are not whitespace, at most `most`. */
export function splitLabeledLetters(
  text: string,
  options: TokenizerOptions,
  most: number,
): string[] {
  const plain = options.html ? normalForm(text, { lowerCase: false, html: options.html }) : text;
  const letters = splitSymbols(plain, tokenUnit(options)).filter((letter) => /\S/u.test(letter));
  // Letter by letter, so that there are still as many as labels.
  return letters.slice(0, most).map((letter) => {
    const { lowerCase, fold } = options;
    return normalForm(letter, { lowerCase, fold }) || letter;
  });
}

let segmenter: Intl.Segmenter | undefined;
let isLatinTheSame: boolean | undefined;

/** Splits any text as {@linkcode latinWords} does, with the engine's segmenter. */
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

/** Normalizes a text: its HTML, its case, its typography and its accents. */
export function normalForm(
  text: string,
  { lowerCase, fold, html }: Pick<TokenizerOptions, "lowerCase" | "fold" | "html">,
): string {
  const plain = html === "strip" ? stripHtml(text) : text;
  const cased = lowerCase ? plain.toLowerCase() : plain;
  const folded = fold === "typography" ? foldTypography(cased) : cased;
  // NFC: é is one letter whether it was typed as one character or as two.
  return toNfc(folded);
}

/** The declarations of this file, for exported modules that contain their source. */
export const tokenizerSource = () => ({
  splitSpaces,
  splitLetters,
  splitLabeledLetters,
  segmentWords,
  tokenUnit,
  wordOfToken,
  truncate,
  PICTOGRAPH,
  MARK,
});
