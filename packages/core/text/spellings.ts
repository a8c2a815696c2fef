/**
 * Words as they are spelled, for networks that read their letters.
 *
 * @module
 */
import { type TokenizerOptions, wordOfToken } from "./tokenizer.ts";
import { symbolsOf } from "./symbols.ts";
import { indexWords } from "./vocabulary.ts";

/** Letters of a word that are read at most: half of them its first, half its last. */
export const MAX_LETTERS = 20;

// More would not fit into a model file's metadata, and are seldom enough to be learned.
const MAX_ALPHABET = 4000;
const MIN_COUNT = 2; // a letter seen once stays unknown, so that training meets unknown letters

/** What the ids of sentences stand for where letters are read: spellings, not words. */
export interface Spellings {
  /** How many words the vocabulary has. */
  readonly words: number;
  /** How many letters the alphabet has. */
  readonly letters: number;
  /** The word of a spelling; 0 for an unknown one. */
  wordOf(id: number): number;
  /** The letters of a spelling, 0 for each unknown one. */
  lettersOf(id: number): Int32Array;
}

/** How a model turns tokens into ids. */
export interface WordIds {
  /** The id that sentences have for a token. */
  idOf(token: string): number;
  /** The word of an id; 0 for an unknown one. */
  wordOf(id: number): number;
  /** What the ids stand for, where letters are read; else they are the words' own. */
  spellings?: Spellings;
}

/** What of a model settles the ids of tokens. */
export interface Spelled {
  /** The words by id. */
  vocabulary: readonly string[];
  /** The letters by id, where they are read. */
  alphabet?: readonly string[];
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
}

/**
 * Gives ids to tokens: those of their words, or where letters are read, those of their spellings, in
 * the order in which they come.
 *
 * @param index The place of each word in the vocabulary.
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

/** The letters of a word that are read. */
export function lettersOf(token: string): string[] {
  const letters = Array.from(token);
  if (letters.length <= MAX_LETTERS) return letters;
  return [...letters.slice(0, MAX_LETTERS / 2), ...letters.slice(-MAX_LETTERS / 2)];
}

/** Whether a model can read a token: it has the word, or reads letters and has them all. */
export function canRead(
  { vocabulary, alphabet }: Pick<Spelled, "vocabulary" | "alphabet">,
): (token: string) => boolean {
  const words = new Set(vocabulary), letters = new Set(alphabet);
  return (token) =>
    words.has(token) ||
    alphabet !== undefined && Array.from(token).every((each) => letters.has(each));
}

/** The letters of the words of some texts, by id; the first stands for every unknown one. */
export function alphabetOf(tokenCounts: ReadonlyMap<string, number>): string[] {
  const counts = new Map<string, number>();
  for (const [token, count] of tokenCounts) {
    for (const letter of token) counts.set(letter, (counts.get(letter) ?? 0) + count);
  }
  for (const [letter, count] of counts) if (count < MIN_COUNT) counts.delete(letter);
  return symbolsOf(counts, MAX_ALPHABET);
}

/** How often each word occurs, by how often each token does. */
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

/** The declarations of this file, for modules that are written with them in. */
export const spellingSource = () => ({
  lettersOf,
  MAX_LETTERS,
});
