/**
 * Training of a linear classifier on n-grams: a baseline that takes about a second.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Example } from "../data/examples.ts";
import { Random, STREAMS } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import type { LinearClassifier } from "./linear.ts";
import { countNgrams, type NgramKind, plainWords, textRead } from "./ngrams.ts";
import {
  bucketTable,
  type CountedTexts,
  countTexts,
  free,
  freeRows,
  type NgramIndex,
  type SparseRows,
  weighCounted,
} from "./tfidf.ts";

const MAX_NUMBERS = 2 ** 24; // n-grams of all texts together: 128 MB
export const MAX_WEIGHTS = 2 ** 22; // 16 MB of a model file
const MAX_WORK = 2 ** 30; // multiplications of all epochs: some seconds
const SAMPLE = 200; // texts from which the n-grams per text are estimated
const ROOM = 1.1, LEAST_ROOM = 1024; // for texts with more n-grams than those of the sample
const MOST_LOOKED_AT = 1000; // texts whose script is determined
const KNOWN = 0.5; // the fraction of words in other texts too, below which only letters are read
const MIN_COUNT: Record<NgramKind, number> = { words: 1, letters: 2 }; // texts that have an n-gram

const EPOCHS = 10, RATE = 1, BIAS_RATE = 0.1;
const STRENGTH = 10; // C: the weight of the loss relative to |W|² / 2

/**
 * Trains a linear classifier: logistic regression on tf-idf weights of n-grams of words and of
 * letters, or of letters only if most words occur in a single text, as with names. The same
 * examples always result in the same classifier. If there are too many examples, it is trained on
 * an evenly spaced subset.
 *
 * @param labels The labels; examples with other labels are ignored.
 * @throws {InputError} If no example has one of the labels.
 *
 * @example
 * ```ts
 * import { fitLinear, linearLogits } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "very good", label: "up" }, { text: "very bad", label: "down" }];
 * const linear = fitLinear(examples, ["down", "up"]);
 * const [down, up] = linearLogits(linear)(["good"]);
 * assertEquals(up > down, true);
 * ```
 */
export function fitLinear(
  examples: Sequence<Example>,
  labels: readonly string[],
): LinearClassifier {
  const idOf = new Map(labels.map((label, id) => [label, id]));
  const texts: string[] = [], ids: number[] = [];
  const { count, perText } = mostOf(examples);
  for (const { text, label = "" } of evenly(examples, count)) {
    const id = idOf.get(label);
    if (id === undefined) continue;
    texts.push(text);
    ids.push(id);
  }
  if (texts.length === 0) throw new InputError("there are no examples with these labels");
  const { ngrams, rows, columns } = readTexts(texts, labels.length, perText);
  const sizes = { columns, classes: labels.length };
  const fitted = fitLogistic(rows, Int32Array.from(ids), sizes);
  freeRows(rows);
  return { ngrams, ...fitted };
}

/** Returns the n-grams of texts, and a row of tf-idf weights for each text. */
function readTexts(texts: readonly string[], classes: number, perText: number) {
  const hasWords = areWordsKnown(texts) && !areWithoutSpaces(texts);
  const kinds: NgramKind[] = hasWords ? ["words", "letters"] : ["letters"];
  const most = Math.floor(MAX_WEIGHTS / classes / kinds.length);
  const counted = countTexts(texts, kinds, Math.ceil(ROOM * perText * texts.length) + LEAST_ROOM);
  const ngrams = kinds.map((kind) => indexNgrams(counted, kind, most));
  const columns = ngrams.reduce((sum, { buckets }) => sum + buckets.length, 0);
  return { ngrams, rows: weighCounted(counted, ngrams), columns };
}

/**
 * Trains a one-vs-rest linear classifier for each label, like {@linkcode fitLinear}. The logits are
 * the log-odds that a text has a label.
 *
 * @param idsOf Returns the indices of the labels in an example's `label`.
 */
export function fitLabelSets(
  examples: Sequence<Example>,
  labels: readonly string[],
  idsOf: (label: string) => readonly number[],
): LinearClassifier {
  const { count, perText } = mostOf(examples), classes = labels.length;
  const some = [...evenly(examples, count)];
  const { ngrams, rows, columns } = readTexts(some.map(({ text }) => text), classes, perText);
  const sets = some.map(({ label = "" }) => new Set(idsOf(label)));
  const weight = new Float32Array(columns * classes), bias = new Float32Array(classes);
  const passes = Math.floor(MAX_WORK / (2 * classes * rows.values.length));
  const epochs = Math.max(1, Math.min(EPOCHS, passes));
  for (let c = 0; c < classes; c++) {
    const isThere = Int32Array.from(sets, (set) => Number(set.has(c)));
    const own = fitLogistic(rows, isThere, { columns, classes: 2 }, { epochs });
    for (let i = 0; i < columns; i++) {
      weight[i * classes + c] = own.weight[2 * i + 1] - own.weight[2 * i];
    }
    bias[c] = own.bias[1] - own.bias[0];
  }
  freeRows(rows);
  return { ngrams, weight, bias };
}

/** Yields `count` evenly spaced examples. */
function* evenly(examples: Sequence<Example>, count: number): Generator<Example> {
  for (let i = 0; i < count; i++) yield examples.at(Math.floor(i * examples.length / count))!;
}

/** Returns the number of examples whose n-grams fit into memory, and how many a text of them has. */
function mostOf(examples: Sequence<Example>): { count: number; perText: number } {
  const count = Math.min(SAMPLE, examples.length);
  let numbers = 1;
  for (const { text } of evenly(examples, count)) {
    numbers += countNgrams(text, "words").size + countNgrams(text, "letters").size;
  }
  const most = Math.max(1, Math.floor(MAX_NUMBERS * count / numbers));
  return { count: Math.min(examples.length, most), perText: numbers / count };
}

// Scripts without spaces between words, where a "word" of n-grams would be a whole clause.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** Returns whether most letters are of scripts that are written without spaces between words. */
function areWithoutSpaces(texts: readonly string[]): boolean {
  let letters = 0, unspaced = 0;
  for (const text of texts.slice(0, MOST_LOOKED_AT)) {
    const read = textRead(text, "letters");
    letters += read.match(/\p{L}/gu)?.length ?? 0;
    unspaced += read.match(UNSPACED)?.length ?? 0;
  }
  return 2 * unspaced > letters;
}

/** Returns whether most word occurrences are of words that occur in more than one text. */
function areWordsKnown(texts: readonly string[]): boolean {
  const textsWith = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(plainWords(text))) {
      textsWith.set(word, (textsWith.get(word) ?? 0) + 1);
    }
  }
  let all = 0, known = 0;
  for (const count of textsWith.values()) {
    all += count;
    if (count > 1) known += count;
  }
  return known >= KNOWN * all;
}

/** Returns the n-grams that enough texts have; if they are too many, the most frequent ones. */
function indexNgrams(
  { kinds, starts, buckets }: CountedTexts,
  kind: NgramKind,
  most: number,
): NgramIndex {
  const frequency = bucketTable().fill(0), texts = (starts.length - 1) / kinds.length;
  for (let at = kinds.indexOf(kind); at < starts.length - 1; at += kinds.length) {
    for (let k = starts[at]; k < starts[at + 1]; k++) frequency[buckets[k]]++;
  }
  const least = Math.min(MIN_COUNT[kind], Math.ceil(texts / 4)); // for two texts, all
  const kept = frequentBuckets(frequency, least, most);
  const idf = kept.map((bucket) => Math.log((1 + texts) / (1 + frequency[bucket])) + 1);
  return { kind, buckets: kept, idf };
}

/**
 * Returns the buckets with a frequency of at least `least`, in ascending order; if there are more
 * than `most`, the most frequent ones, with ties broken in favor of the lower bucket.
 */
export function frequentBuckets(
  frequency: Uint32Array,
  least: number,
  most: number,
): Float32Array<ArrayBuffer> {
  let highest = 0; // plain loops, because there are two million buckets
  for (let k = 0; k < frequency.length; k++) highest = Math.max(highest, frequency[k]);
  const counts = new Uint32Array(highest + 1); // the number of buckets of each frequency
  for (let k = 0; k < frequency.length; k++) counts[frequency[k]]++;
  let bound = counts.length, left = most; // buckets of this frequency or higher are kept
  while (bound > least && counts[bound - 1] <= left) left -= counts[--bound];
  let ties = bound > least ? left : 0; // kept buckets of the next lower frequency
  const kept = new Float32Array(most - left + ties);
  for (let bucket = 0, count = 0; count < kept.length; bucket++) {
    const each = frequency[bucket];
    if (each >= bound || each === bound - 1 && ties-- > 0) kept[count++] = bucket;
  }
  return kept;
}

/**
 * Fits multinomial logistic regression: minimizes |W|² / 2 + C Σ cross-entropy over W and b by
 * stochastic gradient descent on single rows, with a learning rate that decays linearly to zero.
 *
 * W is stored as a product s V, so that a step applies weight decay to all of W by one
 * multiplication (Bottou 2012).
 */
export function fitLogistic(
  data: SparseRows,
  labels: Int32Array,
  sizes: { columns: number; classes: number },
  { strength = STRENGTH, epochs }: { strength?: number; epochs?: number } = {},
): { weight: Float32Array<ArrayBuffer>; bias: Float32Array<ArrayBuffer> } {
  const { classes } = sizes, rows = labels.length, { values } = data;
  const work = values.length * classes;
  const passes = epochs ?? Math.max(1, Math.min(EPOCHS, Math.floor(MAX_WORK / work)));
  const weight = new Float64Array(sizes.columns * classes), bias = new Float64Array(classes);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const p = new Float64Array(classes), shrinkage = 1 / (strength * rows);
  let s = 1, step = 0;
  for (let epoch = 0; epoch < passes; epoch++) {
    new Random(1, STREAMS.order, epoch).shuffle(order);
    for (const i of order) {
      const rate = RATE * (1 - step++ / (passes * rows));
      multiply(data, i, weight, p);
      let most = -Infinity, sum = 0;
      for (let c = 0; c < classes; c++) most = Math.max(most, p[c] = s * p[c] + bias[c]);
      for (let c = 0; c < classes; c++) sum += p[c] = Math.exp(p[c] - most);
      s *= 1 - rate * shrinkage;
      for (let c = 0; c < classes; c++) {
        const gradient = p[c] / sum - (c === labels[i] ? 1 : 0);
        bias[c] -= BIAS_RATE * rate * gradient;
        p[c] = rate * gradient / s;
      }
      subtract(data, i, weight, p);
    }
  }
  const scaled = new Float32Array(weight.length); // Float32Array.from() creates a list
  for (let k = 0; k < weight.length; k++) scaled[k] = s * weight[k];
  free(weight); // twice the size of the result
  return { weight: scaled, bias: Float32Array.from(bias) };
}

/** Computes p ← x_i V. Two labels, the most common case, are three times as fast without a loop. */
function multiply(
  { starts, columns, values }: SparseRows,
  i: number,
  V: Float64Array,
  p: Float64Array,
): void {
  const classes = p.length, end = starts[i + 1];
  if (classes === 2) {
    let p0 = 0, p1 = 0;
    for (let k = starts[i]; k < end; k++) {
      const value = values[k], from = 2 * columns[k];
      p0 += value * V[from];
      p1 += value * V[from + 1];
    }
    p[0] = p0;
    p[1] = p1;
    return;
  }
  p.fill(0);
  for (let k = starts[i]; k < end; k++) {
    const from = columns[k] * classes;
    for (let c = 0; c < classes; c++) p[c] += values[k] * V[from + c];
  }
}

/** Computes V ← V - x_iᵀ p. */
function subtract(
  { starts, columns, values }: SparseRows,
  i: number,
  V: Float64Array,
  p: Float64Array,
): void {
  const classes = p.length, end = starts[i + 1];
  if (classes === 2) {
    const [p0, p1] = p;
    for (let k = starts[i]; k < end; k++) {
      const value = values[k], to = 2 * columns[k];
      V[to] -= value * p0;
      V[to + 1] -= value * p1;
    }
    return;
  }
  for (let k = starts[i]; k < end; k++) {
    const to = columns[k] * classes;
    for (let c = 0; c < classes; c++) V[to + c] -= values[k] * p[c];
  }
}
