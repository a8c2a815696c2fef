/**
 * Training of a linear tagger: a baseline that takes seconds.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Sequence } from "../sequence.ts";
import { fitLogistic, frequentBuckets, MAX_WEIGHTS } from "./fit_linear.ts";
import { featureRows, type LinearTagger } from "./linear_tagger.ts";
import { bucketTable, columnsOf, freeRows } from "./tfidf.ts";
import { featureVisitor, MOST_FEATURES } from "./word_features.ts";

/** The words of a text, with their labels. */
export interface TaggedWords {
  /** The words in their original spelling. */
  words: readonly string[];
  /** The index of each word's label; -1 for an unknown label. */
  labels: ArrayLike<number>;
}

const MAX_NUMBERS = 2 ** 23; // features of all words together: 100 MB
const MIN_COUNT = 2; // the minimum number of words that have a feature
const EPOCHS = 5; // more epochs gain a tenth of a percentage point

/**
 * Trains a linear classifier of words: logistic regression on hashed features of their spelling and
 * their neighbors, see `featureVisitor`. If there are too many texts, it is trained on an evenly
 * spaced subset.
 *
 * @param classes The number of labels.
 * @throws {InputError} If no word has a label.
 */
export function fitTagger(texts: Sequence<TaggedWords>, classes: number): LinearTagger {
  const frequency = bucketTable().fill(0), labels: number[] = [];
  let features = 0;
  visitLabeled(texts, (bucket) => {
    frequency[bucket]++;
    features++;
  }, (label) => labels.push(label));
  if (labels.length === 0) throw new InputError("there are no words with these labels");
  const least = Math.min(MIN_COUNT, Math.ceil(labels.length / 100)); // for a few words, all
  const kept = frequentBuckets(frequency, least, Math.floor(MAX_WEIGHTS / classes));
  const idf = new Float32Array(kept.length).fill(1);
  const ngrams: LinearTagger["ngrams"] = [{ kind: "context", buckets: kept, idf }];
  const [columnOf] = columnsOf(ngrams);
  // The features are computed a second time, because storing them would take 200 MB.
  const made = featureRows({ rows: labels.length, features });
  visitLabeled(texts, (bucket) => made.add(columnOf(bucket)), made.end);
  const rows = made.rows(), sizes = { columns: kept.length, classes };
  const fitted = fitLogistic(rows, Int32Array.from(labels), sizes, { epochs: EPOCHS });
  freeRows(rows);
  return { ngrams, ...fitted };
}

/** Calls `visit` for each feature of a labeled word, and `end` with the label after the word. */
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

/** Yields evenly spaced texts, as many as have features that fit into memory. */
function* evenly(texts: Sequence<TaggedWords>): Generator<TaggedWords> {
  let words = 0;
  for (const each of texts) words += each.words.length;
  const count = Math.max(
    1,
    Math.floor(texts.length * Math.min(1, MAX_NUMBERS / (words * MOST_FEATURES))),
  );
  for (let i = 0; i < count; i++) yield texts.at(Math.floor(i * texts.length / count))!;
}
