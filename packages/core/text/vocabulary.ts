/**
 * The words that a network knows, and their ids.
 *
 * @module
 */

/** The word that stands for every unknown one, at id 0. */
export const UNKNOWN = "<unk>";

/** The different words of some sentences after {@linkcode UNKNOWN}, in code-unit order. */
export function buildVocabulary(sentences: Iterable<readonly string[]>): string[] {
  const words = new Set<string>();
  for (const sentence of sentences) for (const word of sentence) words.add(word);
  words.delete(UNKNOWN);
  return [UNKNOWN, ...[...words].sort()];
}

/** The id of each word. */
export function indexWords(vocabulary: readonly string[]): Map<string, number> {
  return new Map(vocabulary.map((word, id) => [word, id]));
}

/** The ids of words, 0 for each unknown one. */
export function encode(words: readonly string[], index: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from(words, (word) => index.get(word) ?? 0);
}
