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
  let text = words.length > 0 ? words[0] : "";
  for (let i = 1; i < words.length; i++) text += " " + words[i]; // twice as fast as join()
  return hasNoOtherBlanks(text, words.length) ? text : words.map(oneWord).join(" ");
}

function oneWord(word: string): string {
  return /^\S+$/u.test(word) ? word : word.replace(/\s+/gu, "_") || "_";
}

/** Whether the only blanks are those between words, and no word is empty: then `text` is it. */
function hasNoOtherBlanks(text: string, count: number): boolean {
  let blanks = 0, last = SPACE;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= MAX_ASCII || (code < SPACE && code >= TAB)) return false; // maybe a blank
    if (code === SPACE) {
      if (last === SPACE) return false;
      blanks++;
    }
    last = code;
  }
  return last !== SPACE && blanks === count - 1;
}

const TAB = 9, SPACE = 32, MAX_ASCII = 127;
