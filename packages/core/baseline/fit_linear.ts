/**
 * Fitting a linear classifier on n-grams: a baseline that takes a second.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Example } from "../data/examples.ts";
import { Random, STREAMS } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import type { LinearClassifier } from "./linear.ts";
import { BUCKETS, countNgrams, type NgramKind, plainWords } from "./ngrams.ts";
import {
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
const SAMPLE = 200; // texts that say how many n-grams a text has
const KNOWN = 0.5; // of the words of texts in others too, below which letters alone are read
const MIN_COUNT: Record<NgramKind, number> = { words: 1, letters: 2 }; // texts that have an n-gram

const EPOCHS = 10, RATE = 1, BIAS_RATE = 0.1;
const STRENGTH = 10; // C: the weight of the loss beside that of |W|² / 2

/**
 * A linear classifier: logistic regression on tf-idf weights of n-grams of words and of letters, or
 * of letters alone where most words occur in one text only, as names do. The same examples give the
 * same classifier. Of very many examples it takes some, evenly spaced.
 *
 * @param labels The labels; examples of others are left out.
 * @throws {InputError} Where no example has one of the labels.
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
  for (const { text, label = "" } of evenly(examples, mostOf(examples))) {
    const id = idOf.get(label);
    if (id === undefined) continue;
    texts.push(text);
    ids.push(id);
  }
  if (texts.length === 0) throw new InputError("there are no examples with these labels");
  const { ngrams, rows, columns } = readTexts(texts, labels.length);
  const sizes = { columns, classes: labels.length };
  const fitted = fitLogistic(rows, Int32Array.from(ids), sizes);
  freeRows(rows);
  return { ngrams, ...fitted };
}

/** The n-grams of texts, and a row of their weights for each text. */
function readTexts(texts: readonly string[], classes: number) {
  const kinds: NgramKind[] = areWordsKnown(texts) ? ["words", "letters"] : ["letters"];
  const most = Math.floor(MAX_WEIGHTS / classes / kinds.length);
  const counted = countTexts(texts, kinds);
  const ngrams = kinds.map((kind) => indexNgrams(counted, kind, most));
  const columns = ngrams.reduce((sum, { buckets }) => sum + buckets.length, 0);
  return { ngrams, rows: weighCounted(counted, ngrams), columns };
}

/**
 * A linear classifier for each label, one against the rest, as {@linkcode fitLinear} fits one of all
 * labels: its logits are the log-odds that a label is there.
 *
 * @param idsOf The labels that an example has, by their places.
 */
export function fitLabelSets(
  examples: Sequence<Example>,
  labels: readonly string[],
  idsOf: (label: string) => readonly number[],
): LinearClassifier {
  const some = [...evenly(examples, mostOf(examples))], classes = labels.length;
  const { ngrams, rows, columns } = readTexts(some.map(({ text }) => text), classes);
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

/** Some examples, evenly spaced. */
function* evenly(examples: Sequence<Example>, count: number): Generator<Example> {
  for (let i = 0; i < count; i++) yield examples.at(Math.floor(i * examples.length / count))!;
}

/** How many of the examples have no more n-grams than fit. */
function mostOf(examples: Sequence<Example>): number {
  const count = Math.min(SAMPLE, examples.length);
  let numbers = 1;
  for (const { text } of evenly(examples, count)) {
    numbers += countNgrams(text, "words").size + countNgrams(text, "letters").size;
  }
  return Math.min(examples.length, Math.max(1, Math.floor(MAX_NUMBERS * count / numbers)));
}

/** Whether most words of texts occur in more than one of them. */
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

/** The n-grams that enough texts have; if they are too many, the most frequent. */
function indexNgrams(
  { kinds, starts, buckets }: CountedTexts,
  kind: NgramKind,
  most: number,
): NgramIndex {
  const frequency = new Uint32Array(BUCKETS), texts = (starts.length - 1) / kinds.length;
  for (let at = kinds.indexOf(kind); at < starts.length - 1; at += kinds.length) {
    for (let k = starts[at]; k < starts[at + 1]; k++) frequency[buckets[k]]++;
  }
  const least = Math.min(MIN_COUNT[kind], Math.ceil(texts / 4)); // of two texts, all
  const kept = frequentBuckets(frequency, least, most);
  const idf = kept.map((bucket) => Math.log((1 + texts) / (1 + frequency[bucket])) + 1);
  free(frequency);
  return { kind, buckets: kept, idf };
}

/**
 * The buckets that occur often enough, rising; if they are too many, the most frequent, of equally
 * frequent ones the first.
 */
export function frequentBuckets(
  frequency: Uint32Array,
  least: number,
  most: number,
): Float32Array<ArrayBuffer> {
  let highest = 0; // plain loops: there are a million buckets
  for (let k = 0; k < frequency.length; k++) highest = Math.max(highest, frequency[k]);
  const counts = new Uint32Array(highest + 1); // the buckets of each frequency
  for (let k = 0; k < frequency.length; k++) counts[frequency[k]]++;
  let bound = counts.length, left = most; // buckets of this frequency and more are kept
  while (bound > least && counts[bound - 1] <= left) left -= counts[--bound];
  const kept = new Uint32Array(frequency.length);
  let count = 0;
  for (let bucket = 0; bucket < frequency.length; bucket++) {
    const each = frequency[bucket];
    if (each >= bound || (each >= least && each === bound - 1 && left-- > 0)) {
      kept[count++] = bucket;
    }
  }
  const found = Float32Array.from(kept.subarray(0, count));
  free(kept, counts);
  return found;
}

/**
 * Multinomial logistic regression: the W and b of little |W|² / 2 + C Σ cross-entropy, by stochastic
 * gradient descent over single rows, at a learning rate that falls linearly to zero.
 *
 * W is kept as a product s V, so that a step shrinks all of it by one multiplication (Bottou 2012).
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
  const scaled = new Float32Array(weight.length); // Float32Array.from() makes a list in between
  for (let k = 0; k < weight.length; k++) scaled[k] = s * weight[k];
  free(weight); // it is twice the size of what stays
  return { weight: scaled, bias: Float32Array.from(bias) };
}

/** p ← x_i V. Two labels, the most frequent case, take a third of the time without inner loops. */
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

/** V ← V - x_iᵀ p. */
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
