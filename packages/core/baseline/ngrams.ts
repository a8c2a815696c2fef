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

/** The words and the marks of a text, in lower case. */
export function plainWords(text: string): string[] {
  const read = text.slice(0, WORDS_READ).normalize("NFC").toLowerCase();
  return read.match(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}

/**
 * How often each n-gram occurs in a text, by bucket.
 *
 * Words are lower case, and marks are words. Letters keep their case, and a space stands before the
 * first and after the last, so that prefixes and suffixes have n-grams of their own.
 */
export function countNgrams(text: string, kind: NgramKind): Map<number, number> {
  const counts = new Map<number, number>();
  const count = (hash: number) => {
    const bucket = bucketOf(hash);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  };
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
    const line = ` ${text.slice(0, LETTERS_READ).normalize("NFC").replace(/\s+/gu, " ").trim()} `;
    for (let i = 0; i < line.length; i++) {
      let hash = OFFSET;
      for (let j = i; j < Math.min(i + MAX_LETTERS, line.length); j++) {
        hash = hashed(hash, line.charCodeAt(j));
        count(hash);
      }
    }
  }
  return counts;
}
