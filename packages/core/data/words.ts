/**
 * Words and tags that are cut already.
 *
 * @module
 */

/**
 * Words as one text, or tags as one label, which a tagger cuts at blank space. A blank within a
 * word becomes `_`, as in the files of CoNLL-X, and so does nothing: so there stay as many words as
 * tags.
 */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => /^\S+$/u.test(word) ? word : word.replace(/\s+/gu, "_") || "_").join(
    " ",
  );
}
