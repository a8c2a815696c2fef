/**
 * Hashed n-grams of the words and letters of texts.
 *
 * @module
 */

/** The kind of n-grams: of one or two words, or of one to four letters. */
export type NgramKind = "words" | "letters";

/** The features of a linear model: n-grams of texts, or words with their neighbors. */
export type FeatureKind = NgramKind | "context";

/** The number of hash buckets for each kind of n-grams; float32 holds their indices exactly. */
export const BUCKETS = 2 ** 21;

const MAX_WORDS = 2, MAX_LETTERS = 4; // in an n-gram
const WORDS_READ = 50_000, LETTERS_READ = 5000; // characters read of a text: bounds time and memory

/** The maximum number of words or letters in an n-gram. */
export const LONGEST: Record<NgramKind, number> = { words: MAX_WORDS, letters: MAX_LETTERS };
/** The number of characters that are read from the start of a text. */
export const CHARACTERS: Record<NgramKind, number> = { words: WORDS_READ, letters: LETTERS_READ };

// The 32-bit FNV-1a hash (Fowler, Noll and Vo) of UTF-16 units.
export const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const SPACE = 32;

/** Adds a UTF-16 unit to a hash. */
export function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

/** Returns the bucket of a hash: FNV's low bits, XORed with the high ones. */
export function bucketOf(hash: number): number {
  return ((hash >>> 21) ^ hash) & (BUCKETS - 1);
}

/** Returns the bucket of an n-gram; words are separated by a space. */
export function bucketOfNgram(ngram: string): number {
  let hash = OFFSET;
  for (let k = 0; k < ngram.length; k++) hash = hashed(hash, ngram.charCodeAt(k));
  return bucketOf(hash);
}

/** Returns the part of a text that is read, in NFC, and for words in lower case. */
export function textRead(text: string, kind: NgramKind): string {
  const read = text.slice(0, CHARACTERS[kind]).normalize("NFC");
  return kind === "words" ? read.toLowerCase() : read;
}

/** Returns the words and punctuation marks of a text, in lower case. */
export function plainWords(text: string): string[] {
  return textRead(text, "words").match(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}

/** Returns the letters of a text on one line that starts and ends with a space. */
export function plainLetters(text: string): string {
  return ` ${textRead(text, "letters").replace(/\s+/gu, " ").trim()} `;
}

/** Counts the n-grams of a text by bucket; see {@linkcode visitNgrams}. */
export function countNgrams(text: string, kind: NgramKind): Map<number, number> {
  const counts = new Map<number, number>();
  visitNgrams(text, kind, (bucket) => counts.set(bucket, (counts.get(bucket) ?? 0) + 1));
  return counts;
}

/**
 * Calls `visit` with the bucket of each n-gram of a text.
 *
 * Words are in lower case, and punctuation marks are words. Letters keep their case; a space
 * precedes the first and follows the last, so that prefixes and suffixes have distinct n-grams.
 */
export function visitNgrams(
  text: string,
  kind: NgramKind,
  visit: (bucket: number) => void,
): void {
  const count = (hash: number) => visit(bucketOf(hash));
  if (kind === "words") {
    const words = plainWords(text);
    for (let i = 0; i < words.length; i++) {
      let hash = OFFSET;
      for (let j = i; j < Math.min(i + MAX_WORDS, words.length); j++) {
        if (j > i) hash = hashed(hash, SPACE);
        for (let k = 0; k < words[j].length; k++) hash = hashed(hash, words[j].charCodeAt(k));
        count(hash);
      }
    }
  } else {
    const line = plainLetters(text);
    for (let i = 0; i < line.length; i++) {
      let hash = OFFSET;
      for (let j = i; j < Math.min(i + MAX_LETTERS, line.length); j++) {
        hash = hashed(hash, line.charCodeAt(j));
        count(hash);
      }
    }
  }
}

/** The declarations of this file that exported modules contain. */
export const ngramSource = () => ({
  hashed,
  bucketOf,
  textRead,
  plainWords,
  plainLetters,
  visitNgrams,
  BUCKETS,
  MAX_WORDS,
  MAX_LETTERS,
  CHARACTERS,
  OFFSET,
  PRIME,
  SPACE,
});
