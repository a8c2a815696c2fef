/**
 * The words that a network knows, and their ids.
 *
 * @module
 */

/** The word that stands for every unknown one, at id 0. */
export const UNKNOWN = "<unk>";

/** What stands for a run of blanks among letters. */
const BLANK = " ";

/** How often each word occurs, in the order in which they come. */
export function countWords(sentences: Iterable<readonly string[]>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of sentence) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/**
 * The different words after {@linkcode UNKNOWN}, in code-unit order: neither the order of the
 * sentences nor the machine's locale changes a word's id.
 *
 * @param counts How often each occurs.
 * @param minCount How often a word must occur; rarer ones stay unknown, so that training meets
 *   unknown words too. Default: 1.
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
 * The id of each word: its place in the vocabulary.
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
 * The ids of words, 0 for each unknown one.
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

/** How many texts, as ids, have no known word; blanks between unknown letters are none. */
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

/** The words or letters of a text but its blanks, and those that a model does not know. */
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
 * Whether some texts, as ids, have a known symbol that is more than blank space, or no unknown one:
 * texts in two scripts share their blanks.
 *
 * @param end The id of what is no symbol.
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

/** The declarations of this file, for modules that are written with them in. */
export const vocabularySource = () => ({
  indexWords,
  encode,
  wordsRead,
  BLANK,
});
