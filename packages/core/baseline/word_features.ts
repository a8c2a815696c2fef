/**
 * Hashed features of the words of a text: their spelling and their neighbors.
 *
 * @module
 */
import { bucketOf, hashed, OFFSET } from "./ngrams.ts";

const AFFIX = 4; // the maximum number of letters in a prefix or suffix
const ENDING = 3; // the number of letters in a neighbor's suffix
const MOST_KEPT = 2 ** 16; // the words in the cache of features, as most words repeat
const EDGE = "\n"; // the neighbor of a text's first and last words; no word contains it

/** The kinds of features. The kind is the first unit of a hash, so that equal letters differ. */
const OF = {
  word: 1,
  lower: 2,
  shape: 3,
  prefix: 4,
  suffix: 5,
  first: 6,
  before: 7,
  after: 8,
  secondBefore: 9,
  secondAfter: 10,
  endingBefore: 11,
  endingAfter: 12,
  shapeBefore: 13,
  shapeAfter: 14,
};

/** The maximum number of features of a word: 3 of the whole word, its affixes, 9 of its context. */
export const MOST_FEATURES = 3 + 2 * AFFIX + 9;

function bucket(of: number, text: string): number {
  let hash = hashed(OFFSET, of);
  for (let k = 0; k < text.length; k++) hash = hashed(hash, text.charCodeAt(k));
  return bucketOf(hash);
}

/** Returns a word with capitals, small letters and digits as X, x and 0, and runs collapsed. */
function shapeOf(word: string): string {
  return word.replace(/\p{Lu}/gu, "X").replace(/[\p{Ll}\p{Lo}\p{Lm}]/gu, "x")
    .replace(/\p{N}/gu, "0").replace(/(.)\1+/gu, "$1");
}

/** The features of a word that do not depend on its context. */
interface WordParts {
  lower: string;
  ending: string;
  shape: string;
  /** The buckets of these features. */
  own: number[];
}

function partsOf(word: string): WordParts {
  const lower = word.toLowerCase(), shape = shapeOf(word);
  const letters = Array.from(word), small = Array.from(lower);
  const own = [bucket(OF.word, word), bucket(OF.lower, lower), bucket(OF.shape, shape)];
  for (let n = 1; n <= AFFIX; n++) {
    if (n <= letters.length) own.push(bucket(OF.prefix, letters.slice(0, n).join("")));
    if (n <= small.length) own.push(bucket(OF.suffix, small.slice(-n).join("")));
  }
  return { lower, shape, ending: small.slice(-ENDING).join(""), own };
}

/**
 * Returns a function that computes the features of each word of a text: the buckets of its spelling
 * with and without case, its shape, its prefixes and suffixes of up to four letters, the two words
 * before and after it, and the endings and shapes of its neighbors.
 */
export function featureReader(): (words: readonly string[]) => number[][] {
  const visit = featureVisitor();
  return (words) => {
    const all: number[][] = words.map(() => []);
    visit(words, (bucket, t) => all[t].push(bucket));
    return all;
  };
}

/**
 * Returns a function that visits the features of `featureReader` without storing them: it calls
 * `visit` with the bucket of each feature and the index of its word, and `end` with the index after
 * each word.
 */
export function featureVisitor(): (
  words: readonly string[],
  visit: (bucket: number, t: number) => void,
  end?: (t: number) => void,
) => void {
  const known = new Map<string, WordParts>();
  const edge = partsOf(EDGE);
  const read = (word: string) => {
    const found = known.get(word);
    if (found) return found;
    if (known.size >= MOST_KEPT) known.clear();
    const parts = partsOf(word);
    known.set(word, parts);
    return parts;
  };
  return (words, visit, end) => {
    const all = words.map(read), at = (place: number) => all[place] ?? edge;
    for (let t = 0; t < all.length; t++) {
      const { own, shape } = all[t], before = at(t - 1), after = at(t + 1);
      const add = (of: number, text: string) => visit(bucket(of, text), t);
      for (let k = 0; k < own.length; k++) visit(own[k], t);
      add(OF.before, before.lower);
      add(OF.after, after.lower);
      add(OF.secondBefore, at(t - 2).lower);
      add(OF.secondAfter, at(t + 2).lower);
      add(OF.endingBefore, before.ending);
      add(OF.endingAfter, after.ending);
      add(OF.shapeBefore, before.shape);
      add(OF.shapeAfter, after.shape);
      if (t === 0) add(OF.first, shape);
      end?.(t);
    }
  };
}

const NEIGHBORS = [-1, 1, -2, 2, -1, 1, -1, 1]; // of featureReader(), after a word's own features

/**
 * Returns the index of the word that each feature of word t belongs to: t, or that of a neighbor,
 * or t again if the neighbor is beyond the text.
 *
 * @param features The number of features of word t.
 * @param words The number of words in the text.
 */
export function wordsOfFeatures(t: number, features: number, words: number): number[] {
  const first = t === 0 ? [0] : [];
  const own = new Array<number>(features - NEIGHBORS.length - first.length).fill(0);
  return [...own, ...NEIGHBORS, ...first].map((distance) =>
    t + distance >= 0 && t + distance < words ? t + distance : t
  );
}

/** The declarations of this file that exported modules contain. */
export const featureSource = () => ({
  featureVisitor,
  MOST_FEATURES,
  bucket,
  shapeOf,
  partsOf,
  OF,
  AFFIX,
  ENDING,
  MOST_KEPT,
  EDGE,
});
