/**
 * What the words of a text add to the logits of a linear tagger: a sum over features, of which each is
 * of one word.
 *
 * @module
 */
import { type LinearTagger, rowsOfWords } from "./linear_tagger.ts";
import { columnsOf } from "./tfidf.ts";
import { featureReader, wordsOfFeatures } from "./word_features.ts";

/** A feature of a word of a text. */
export interface PlacedFeature {
  /** The word whose tag it speaks for. */
  word: number;
  /** The word that it is of. */
  of: number;
  /** What it adds to each label's logit. */
  logits: Float64Array;
}

const known = new WeakMap<LinearTagger, (bucket: number) => number | undefined>();

/** Gives the column of a bucket; the columns are found once. */
function columnsFor(linear: LinearTagger): (bucket: number) => number | undefined {
  const [columns] = known.has(linear) ? [] : columnsOf(linear.ngrams);
  const found = known.get(linear) ?? ((bucket) => columns.get(bucket));
  known.set(linear, found);
  return found;
}

/** The known features of the words of a text. With the biases, what they add are the logits. */
export function placedFeatures(linear: LinearTagger, words: readonly string[]): PlacedFeature[] {
  const columnOf = columnsFor(linear), labels = linear.bias.length;
  const features = featureReader()(words);
  const { columns, values } = rowsOfWords(features, columnOf);
  let k = 0;
  return features.flatMap((buckets, word) => {
    const ofs = wordsOfFeatures(word, buckets.length, words.length);
    return buckets.flatMap((bucket, i) => {
      if (columnOf(bucket) === undefined) return [];
      const at = columns[k] * labels, value = values[k++];
      const own = linear.weight.subarray(at, at + labels);
      return [{ word, of: ofs[i], logits: Float64Array.from(own, (each) => value * each) }];
    });
  });
}
