/**
 * Texts as hashed n-grams: of words, and of letters.
 *
 * @module
 */

/** What n-grams are made of: one and two words, or one to four letters. */
export type NgramKind = "words" | "letters";

/** What a linear model reads: n-grams of texts, or single words of a text beside their neighbors. */
export type FeatureKind = NgramKind | "context";

/** Buckets of each kind that n-grams are hashed to: float32 holds every number of one exactly. */
export const BUCKETS = 2 ** 21;

const MAX_WORDS = 2, MAX_LETTERS = 4; // of an n-gram
const WORDS_READ = 50_000, LETTERS_READ = 5000; // characters of a text, which bound time and memory

/** The most words, or letters, of an n-gram. */
export const LONGEST: Record<NgramKind, number> = { words: MAX_WORDS, letters: MAX_LETTERS };
/** How many characters of a text are read. */
export const CHARACTERS: Record<NgramKind, number> = { words: WORDS_READ, letters: LETTERS_READ };

// FNV-1a of 32 bits (Fowler, Noll and Vo), by UTF-16 units.
export const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const SPACE = 32;

/** A hash with one more unit. */
export function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

/** The bucket of a hash: FNV's low bits, with the high ones folded in. */
export function bucketOf(hash: number): number {
  return ((hash >>> 21) ^ hash) & (BUCKETS - 1);
}

/** The bucket of an n-gram as a text; its words have a space between them. */
export function bucketOfNgram(ngram: string): number {
  let hash = OFFSET;
  for (let k = 0; k < ngram.length; k++) hash = hashed(hash, ngram.charCodeAt(k));
  return bucketOf(hash);
}

/** What is read of a text, for words in lower case. */
export function textRead(text: string, kind: NgramKind): string {
  const read = text.slice(0, CHARACTERS[kind]).normalize("NFC");
  return kind === "words" ? read.toLowerCase() : read;
}

/** The words and the marks of a text, in lower case. */
export function plainWords(text: string): string[] {
  return textRead(text, "words").match(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}

/** The letters of a text in a line that a space begins and ends. */
export function plainLetters(text: string): string {
  return ` ${textRead(text, "letters").replace(/\s+/gu, " ").trim()} `;
}

/** How often each n-gram occurs in a text, by bucket; see {@linkcode visitNgrams}. */
export function countNgrams(text: string, kind: NgramKind): Map<number, number> {
  const counts = new Map<number, number>();
  visitNgrams(text, kind, (bucket) => counts.set(bucket, (counts.get(bucket) ?? 0) + 1));
  return counts;
}

/**
 * Calls `visit` with the bucket of each n-gram of a text.
 *
 * Words are lower case, and marks are words. Letters keep their case, and a space stands before the
 * first and after the last, so that prefixes and suffixes have n-grams of their own.
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

/** The declarations of this file, for modules that are written with them in. */
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
