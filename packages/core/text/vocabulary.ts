/**
 * Vocabularies: the words that a network knows, and their ids.
 *
 * @module
 */

/** The word that stands for all unknown words, with id 0. */
export const UNKNOWN = "<unk>";

/** The token for a run of whitespace, in models that read characters. */
const BLANK = " ";

/** Counts how often each word occurs, in the order of first occurrence. */
export function countWords(sentences: Iterable<readonly string[]>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of sentence) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/**
 * Returns a vocabulary: {@linkcode UNKNOWN}, then the words in code-unit order, so that neither the
 * order of the sentences nor the machine's locale changes a word's id.
 *
 * @param counts The number of occurrences of each word.
 * @param minCount The minimum number of occurrences; rarer words stay unknown, so that training
 *   meets unknown words too. Default: 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const counts = countWords([["not", "good"], ["good"]]);
 * assertEquals(vocabularyOf(counts), ["<unk>", "good", "not"]);
 * assertEquals(vocabularyOf(counts, 2), ["<unk>", "good"]);
 * ```
 */
export function vocabularyOf(counts: ReadonlyMap<string, number>, minCount = 1): string[] {
  const words: string[] = [];
  for (const [word, count] of counts) if (count >= minCount && word !== UNKNOWN) words.push(word);
  return [UNKNOWN, ...words.sort()];
}

/**
 * Returns the id of each word: its index in the vocabulary.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(indexWords(["<unk>", "good"]).get("good"), 1);
 * ```
 */
export function indexWords(vocabulary: readonly string[]): Map<string, number> {
  return new Map(vocabulary.map((word, id) => [word, id]));
}

/**
 * Returns the ids of words, 0 for each unknown one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const index = indexWords(["<unk>", "good", "not"]);
 * assertEquals(encode(["not", "that", "good"], index), Int32Array.of(2, 0, 1));
 * ```
 */
export function encode(words: readonly string[], index: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from(words, (word) => index.get(word) ?? 0);
}

/** Counts the texts, given as ids, that have no known word; spaces do not count as words. */
export function countUnknown(
  texts: Iterable<{ words: Int32Array; spellings?: { wordOf(id: number): number } }>,
  vocabulary: readonly string[],
): number {
  const blank = vocabulary.indexOf(BLANK);
  let count = 0;
  for (const { words, spellings } of texts) {
    const wordOf = (id: number) => spellings?.wordOf(id) ?? id;
    if (words.every((id) => wordOf(id) === 0 || id === blank)) count++;
  }
  return count;
}

/** Counts the words or characters of a text, except spaces, and collects the unknown ones. */
export function wordsRead(
  tokens: readonly string[],
  ids: Int32Array,
): { words: number; unknownWords: string[] } {
  const unknownWords: string[] = [];
  let words = 0;
  for (const [t, token] of tokens.entries()) {
    if (token === BLANK) continue;
    words++;
    if (ids[t] === 0) unknownWords.push(token);
  }
  return { words, unknownWords };
}

/**
 * Returns whether texts, given as ids, have a known symbol other than whitespace, or no unknown
 * symbol. Whitespace does not count, since texts in different scripts share it.
 *
 * @param end The id of the end-of-sequence symbol, which does not count either.
 */
export function knowsSome(
  texts: Iterable<Int32Array>,
  symbols: readonly string[],
  end?: number,
): boolean {
  const isInk = symbols.map((symbol, id) => id > 0 && id !== end && symbol.trim() !== "");
  let isAnyUnknown = false;
  for (const ids of texts) {
    if (ids.some((id) => isInk[id])) return true;
    isAnyUnknown ||= ids.includes(0);
  }
  return !isAnyUnknown;
}

/** The declarations of this file, for exported modules that contain their source. */
export const vocabularySource = () => ({
  indexWords,
  encode,
  wordsRead,
  BLANK,
});
