/**
 * The contributions of a text's words to the logits of a linear classifier. The logits are a sum
 * over n-grams, so the contributions are exact: that of an n-gram is divided evenly among its
 * occurrences and, in each occurrence, among its words or letters.
 *
 * @module
 */
import type { LinearClassifier } from "./linear.ts";
import {
  bucketOfNgram,
  CHARACTERS,
  LONGEST,
  type NgramKind,
  plainLetters,
  plainWords,
  textRead,
} from "./ngrams.ts";
import { type Columns, columnsOf, weighTexts } from "./tfidf.ts";

/** The parts of a text that contributions are assigned to. */
export interface TextParts {
  /** The number of parts, at least 1. */
  count: number;
  /** The index of the part that each UTF-16 unit of the text belongs to; -1 for none. */
  partAt: Int32Array;
}

/**
 * Computes the contributions of a text's parts to Σ_c g_c (z_c - b_c), with logits z and biases b.
 * The contributions sum to that value.
 *
 * @param gradient g, a number for each label.
 */
export function linearShares(
  linear: LinearClassifier,
  text: string,
  parts: TextParts,
  gradient: Float64Array,
): Float64Array {
  const { ngrams, weight } = linear, columns = columnsFor(linear);
  const { columns: found, values } = weighTexts([text], ngrams, columns);
  const scores = new Map<number, number>(); // the score of each n-gram of the text, by column
  for (const [k, column] of found.entries()) {
    let sum = 0;
    for (const [c, g] of gradient.entries()) sum += g * weight[column * gradient.length + c];
    scores.set(column, values[k] * sum);
  }
  const shares = new Float64Array(parts.count), nearest = nearestParts(parts);
  for (const [i, { kind }] of ngrams.entries()) {
    const standing = new Map<number, number[][]>(); // the occurrences of each n-gram, by column
    for (const { ngram, pieces } of placedNgrams(text, kind)) {
      const column = columns[i](bucketOfNgram(ngram));
      if (column < 0) continue;
      const some = standing.get(column) ?? [];
      some.push(...pieces.map((piece) => [...piece, pieces.length]));
      standing.set(column, some);
    }
    for (const [column, pieces] of standing) {
      const times = pieces.reduce((sum, piece) => sum + 1 / piece[2], 0);
      for (const [start, end, count] of pieces) {
        spread(shares, parts, nearest, start, end, scores.get(column)! / times / count);
      }
    }
  }
  return shares;
}

const known = new WeakMap<LinearClassifier, Columns>();

/** Returns the columns of a classifier's n-grams, which are cached. */
function columnsFor(linear: LinearClassifier): Columns {
  const found = known.get(linear) ?? columnsOf(linear.ngrams);
  known.set(linear, found);
  return found;
}

/** Divides a share among the characters from `start` to before `end`. */
function spread(
  shares: Float64Array,
  { partAt }: TextParts,
  nearest: Int32Array,
  start: number,
  end: number,
  share: number,
): void {
  let count = 0;
  for (let at = start; at < end; at++) if (partAt[at] >= 0) count++;
  if (count === 0) shares[nearest[Math.min(start, nearest.length - 1)] ?? 0] += share;
  else {for (let at = start; at < end; at++) {
      if (partAt[at] >= 0) shares[partAt[at]] += share / count;
    }}
}

/** Returns the part of each character; outside of parts, the previous part, or else the first. */
function nearestParts({ partAt }: TextParts): Int32Array {
  let last = partAt.find((part) => part >= 0) ?? 0;
  return partAt.map((part) => last = part >= 0 ? part : last);
}

/** An n-gram, and the pieces of the text that it covers, each from `start` to before `end`. */
interface PlacedNgram {
  ngram: string;
  pieces: [start: number, end: number][];
}

/** Yields the n-grams of a text with their positions, the same as `countNgrams` counts. */
function* placedNgrams(text: string, kind: NgramKind): Generator<PlacedNgram> {
  const read = textRead(text, kind), origins = originsOf(text, read, kind);
  if (kind === "words") {
    const words = plainWords(text), pieces: PlacedNgram["pieces"] = [];
    let end = 0;
    for (const word of words) {
      const start = read.indexOf(word, end);
      end = start + word.length;
      pieces.push([origins[start], origins[end]]);
    }
    for (const i of words.keys()) {
      for (let j = i + 1; j <= Math.min(i + LONGEST.words, words.length); j++) {
        yield { ngram: words.slice(i, j).join(" "), pieces: pieces.slice(i, j) };
      }
    }
    return;
  }
  const line = plainLetters(text), places = new Int32Array(line.length + 1);
  let at = read.length - read.trimStart().length;
  for (let i = 1; i < line.length; i++) {
    places[i] = origins[at];
    if (line[i] !== " ") at++;
    else while (at < read.length && /\s/u.test(read[at])) at++;
  }
  places[0] = places[1];
  places[line.length] = places[line.length - 1]; // the last space is not in the text
  for (let i = 0; i < line.length; i++) {
    for (let j = i + 1; j <= Math.min(i + LONGEST.letters, line.length); j++) {
      yield { ngram: line.slice(i, j), pieces: [[places[i], places[j]]] };
    }
  }
}

/** Returns the position in `text` of each character of `read`, its normalized form, and the end. */
function originsOf(text: string, read: string, kind: NgramKind): Int32Array {
  const own = text.slice(0, CHARACTERS[kind]);
  const origins = Int32Array.from({ length: read.length + 1 }, (_, i) => i);
  if (own.length === read.length) return origins;
  let at = 0, end = 0;
  // The normalized form of a letter with its accents does not depend on its context.
  for (const [cluster] of own.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    const { length } = textRead(cluster, kind);
    origins.fill(at, end, end + length);
    at += cluster.length;
    end += length;
  }
  if (end !== read.length) return origins.map((i) => Math.floor(i * own.length / read.length));
  origins[end] = at;
  return origins;
}
