/**
 * Joins words and tags that are already tokenized.
 *
 * @module
 */

/**
 * Joins words into one text, or tags into one label, for a tagger to split at whitespace. Spaces
 * within a word become `_`, as in CoNLL-X files, and so does an empty word, so that the counts of
 * words and tags stay equal.
 */
export function joinWords(words: readonly string[]): string {
  let text = words.length > 0 ? words[0] : "";
  for (let i = 1; i < words.length; i++) text += " " + words[i]; // twice as fast as join()
  return hasNoOtherBlanks(text, words.length) ? text : words.map(oneWord).join(" ");
}

function oneWord(word: string): string {
  return /^\S+$/u.test(word) ? word : word.replace(/\s+/gu, "_") || "_";
}

/** Returns whether the only whitespace is one space between words, and no word is empty. */
function hasNoOtherBlanks(text: string, count: number): boolean {
  let blanks = 0, last = SPACE;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= MAX_ASCII || (code < SPACE && code >= TAB)) return false; // may be whitespace
    if (code === SPACE) {
      if (last === SPACE) return false;
      blanks++;
    }
    last = code;
  }
  return last !== SPACE && blanks === count - 1;
}

const TAB = 9, SPACE = 32, MAX_ASCII = 127;
