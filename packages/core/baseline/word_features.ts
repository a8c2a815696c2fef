/**
 * The words of a text as hashed features: how each is spelled, and what stands beside it.
 *
 * @module
 */
import { bucketOf, hashed, OFFSET } from "./ngrams.ts";

const AFFIX = 4; // letters of a prefix and of a suffix at most
const ENDING = 3; // letters of a neighbor's suffix
const MOST_KEPT = 2 ** 16; // words whose features are kept, as most come again
const EDGE = "\n"; // stands before the first word and behind the last: no word has it

/** What a feature is of: the first unit of its hash, so that the same letters differ by it. */
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

/** The most features that a word has: three, its affixes, and those of where it stands. */
export const MOST_FEATURES = 3 + 2 * AFFIX + 9;

function bucket(of: number, text: string): number {
  let hash = hashed(OFFSET, of);
  for (let k = 0; k < text.length; k++) hash = hashed(hash, text.charCodeAt(k));
  return bucketOf(hash);
}

/** A word's capitals, small letters and digits as X, x and 0, each run of them as one. */
function shapeOf(word: string): string {
  return word.replace(/\p{Lu}/gu, "X").replace(/[\p{Ll}\p{Lo}\p{Lm}]/gu, "x")
    .replace(/\p{N}/gu, "0").replace(/(.)\1+/gu, "$1");
}

/** What is the same wherever a word stands. */
interface WordParts {
  lower: string;
  ending: string;
  shape: string;
  /** The buckets of its own features. */
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
 * Reads features: for each word of a text the buckets of its spelling with and without case, its
 * shape, its prefixes and suffixes of up to four letters, the two words before it and behind it, and
 * the endings and shapes of its neighbors.
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
 * Visits the features of each word of a text, of `featureReader`, without lists of them: the bucket of
 * each and the word's place, and the place again at the word's end.
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

const NEIGHBORS = [-1, 1, -2, 2, -1, 1, -1, 1]; // as featureReader() has them behind a word's own

/**
 * The words that the features of word t are of, in their order: itself or its neighbors, and itself
 * where there is none.
 *
 * @param features How many there are.
 * @param words How many words the text has.
 */
export function wordsOfFeatures(t: number, features: number, words: number): number[] {
  const first = t === 0 ? [0] : [];
  const own = new Array<number>(features - NEIGHBORS.length - first.length).fill(0);
  return [...own, ...NEIGHBORS, ...first].map((distance) =>
    t + distance >= 0 && t + distance < words ? t + distance : t
  );
}

/** The declarations of this file, for modules that are written with them in. */
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
