/**
 * Fitting a linear classifier of words: a baseline for taggers that takes seconds.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Sequence } from "../sequence.ts";
import { fitLogistic, frequentBuckets, MAX_WEIGHTS } from "./fit_linear.ts";
import { featureRows, type LinearTagger } from "./linear_tagger.ts";
import { BUCKETS } from "./ngrams.ts";
import { free, freeRows } from "./tfidf.ts";
import { featureVisitor, MOST_FEATURES } from "./word_features.ts";

/** A text as the words that are read, and the label of each; -1 for one that is not known. */
export interface TaggedWords {
  /** The words as they are written. */
  words: readonly string[];
  /** Their labels. */
  labels: ArrayLike<number>;
}

const MAX_NUMBERS = 2 ** 23; // features of all words together: 100 MB
const MIN_COUNT = 2; // words that have a feature
const EPOCHS = 5; // more gain a tenth of a point

/**
 * A linear classifier of words: logistic regression on hashed features of their spelling and of
 * their neighbors, see `featureVisitor`. Of very many texts it learns some, evenly spaced.
 *
 * @param classes How many labels there are.
 * @throws {InputError} Where no word has a label.
 */
export function fitTagger(texts: Sequence<TaggedWords>, classes: number): LinearTagger {
  const frequency = new Uint32Array(BUCKETS), labels: number[] = [];
  let features = 0;
  visitLabeled(texts, (bucket) => {
    frequency[bucket]++;
    features++;
  }, (label) => labels.push(label));
  if (labels.length === 0) throw new InputError("there are no words with these labels");
  const least = Math.min(MIN_COUNT, Math.ceil(labels.length / 100)); // of a few words, all
  const kept = frequentBuckets(frequency, least, Math.floor(MAX_WEIGHTS / classes));
  const columns = new Int32Array(BUCKETS).fill(-1);
  for (const [column, bucket] of kept.entries()) columns[bucket] = column;
  // They are read once more, as lists of all words' features would take two hundred megabytes.
  const made = featureRows({ rows: labels.length, features });
  visitLabeled(
    texts,
    (bucket) => made.add(columns[bucket] < 0 ? undefined : columns[bucket]),
    made.end,
  );
  const rows = made.rows(), sizes = { columns: kept.length, classes };
  const fitted = fitLogistic(rows, Int32Array.from(labels), sizes, { epochs: EPOCHS });
  freeRows(rows);
  free(frequency, columns);
  const idf = new Float32Array(kept.length).fill(1);
  return { ngrams: [{ kind: "context", buckets: kept, idf }], ...fitted };
}

/** Visits the features of the words that have a label, and the label at each word's end. */
function visitLabeled(
  texts: Sequence<TaggedWords>,
  visit: (bucket: number) => void,
  end: (label: number) => void,
): void {
  const visitFeatures = featureVisitor();
  for (const { words, labels } of evenly(texts)) {
    visitFeatures(
      words,
      (bucket, t) => {
        if (labels[t] >= 0) visit(bucket);
      },
      (t) => {
        if (labels[t] >= 0) end(labels[t]);
      },
    );
  }
}

/** As many texts as have no more features than fit. */
function* evenly(texts: Sequence<TaggedWords>): Generator<TaggedWords> {
  let words = 0;
  for (const each of texts) words += each.words.length;
  const count = Math.max(
    1,
    Math.floor(texts.length * Math.min(1, MAX_NUMBERS / (words * MOST_FEATURES))),
  );
  for (let i = 0; i < count; i++) yield texts.at(Math.floor(i * texts.length / count))!;
}
