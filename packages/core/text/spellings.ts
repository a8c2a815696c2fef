/**
 * The spellings of words, for networks that read characters.
 *
 * @module
 */
import { type TokenizerOptions, wordOfToken } from "./tokenizer.ts";
import { symbolsOf } from "./symbols.ts";
import { indexWords } from "./vocabulary.ts";

/** The maximum number of characters read of a word: half from its start, half from its end. */
export const MAX_LETTERS = 20;

// More would not fit into a model file's metadata, and would be too rare to be learned.
const MAX_ALPHABET = 4000;
const MIN_COUNT = 2; // a character seen once stays unknown, so that training meets unknown ones

/** The meaning of token ids in models that read characters: spellings rather than words. */
export interface Spellings {
  /** The size of the vocabulary. */
  readonly words: number;
  /** The size of the alphabet. */
  readonly letters: number;
  /** Returns the id of a spelling's word; 0 if the word is unknown. */
  wordOf(id: number): number;
  /** Returns the ids of a spelling's characters; 0 for each unknown one. */
  lettersOf(id: number): Int32Array;
}

/** Maps tokens to ids as a model does. */
export interface WordIds {
  /** Returns the id of a token. */
  idOf(token: string): number;
  /** Returns the word id of a token id; 0 if the word is unknown. */
  wordOf(id: number): number;
  /** The spellings that ids stand for, if characters are read; otherwise ids are word ids. */
  spellings?: Spellings;
}

/** The parts of a model that determine the ids of tokens. */
export interface Spelled {
  /** The words by id. */
  vocabulary: readonly string[];
  /** The characters by id, if characters are read. */
  alphabet?: readonly string[];
  /** How texts are split into words. */
  tokenizer: TokenizerOptions;
}

/**
 * Creates a map from tokens to ids: word ids, or, if characters are read, spelling ids in the order
 * of the tokens' first use.
 *
 * @param index The id of each word in the vocabulary.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { idOf, wordOf, spellings } = startWordIds({
 *   vocabulary: ["<unk>", "good"],
 *   alphabet: ["<unk>", "G", "d", "g", "o"],
 *   tokenizer: { lowerCase: true, punctuation: "keep", spelling: "keep" },
 * });
 * const ids = ["good", "Good", "bad", "Good"].map(idOf);
 * assertEquals(ids, [0, 1, 2, 1]);
 * assertEquals(ids.map(wordOf), [1, 1, 0, 1]);
 * assertEquals(spellings!.lettersOf(1), Int32Array.of(1, 4, 4, 2));
 * ```
 */
export function startWordIds(
  { vocabulary, alphabet, tokenizer }: Spelled,
  index: ReadonlyMap<string, number> = indexWords(vocabulary),
): WordIds {
  const wordIdOf = (token: string) => index.get(wordOfToken(token, tokenizer)) ?? 0;
  if (!alphabet) return { idOf: wordIdOf, wordOf: (id) => id };
  const letterIds = indexWords(alphabet);
  const ids = new Map<string, number>(), tokens: string[] = [], words: number[] = [];
  const wordOf = (id: number) => words[id];
  return {
    idOf(token) {
      const known = ids.get(token);
      if (known !== undefined) return known;
      ids.set(token, tokens.length);
      words.push(wordIdOf(token));
      return tokens.push(token) - 1;
    },
    wordOf,
    spellings: {
      words: vocabulary.length,
      letters: alphabet.length,
      wordOf,
      lettersOf: (id) => Int32Array.from(lettersOf(tokens[id]), (each) => letterIds.get(each) ?? 0),
    },
  };
}

/** Returns the characters of a word that are read. */
export function lettersOf(token: string): string[] {
  const letters = Array.from(token);
  if (letters.length <= MAX_LETTERS) return letters;
  return [...letters.slice(0, MAX_LETTERS / 2), ...letters.slice(-MAX_LETTERS / 2)];
}

/** Returns a test of tokens: whether a model knows the word, or all of its characters. */
export function canRead(
  { vocabulary, alphabet }: Pick<Spelled, "vocabulary" | "alphabet">,
): (token: string) => boolean {
  const words = new Set(vocabulary), letters = new Set(alphabet);
  return (token) =>
    words.has(token) ||
    alphabet !== undefined && Array.from(token).every((each) => letters.has(each));
}

/** Builds the alphabet of texts: their characters by id; the first stands for unknown ones. */
export function alphabetOf(tokenCounts: ReadonlyMap<string, number>): string[] {
  const counts = new Map<string, number>();
  for (const [token, count] of tokenCounts) {
    for (const letter of token) counts.set(letter, (counts.get(letter) ?? 0) + count);
  }
  for (const [letter, count] of counts) if (count < MIN_COUNT) counts.delete(letter);
  return symbolsOf(counts, MAX_ALPHABET);
}

/** Counts how often each word occurs, from the counts of tokens. */
export function countsOfWords(
  tokenCounts: ReadonlyMap<string, number>,
  tokenizer: TokenizerOptions,
): Map<string, number> {
  if (!tokenizer.spelling) return new Map(tokenCounts);
  const counts = new Map<string, number>();
  for (const [token, count] of tokenCounts) {
    const word = wordOfToken(token, tokenizer);
    counts.set(word, (counts.get(word) ?? 0) + count);
  }
  return counts;
}

/** The declarations of this file, for exported modules that contain their source. */
export const spellingSource = () => ({
  lettersOf,
  MAX_LETTERS,
});
