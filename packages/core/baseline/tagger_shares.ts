/**
 * The contributions of a text's words to the logits of a linear tagger. The logits are a sum over
 * features, each for one word.
 *
 * @module
 */
import { type LinearTagger, rowsOfWords } from "./linear_tagger.ts";
import { columnsOf } from "./tfidf.ts";
import { featureReader, wordsOfFeatures } from "./word_features.ts";

/** A feature of a word of a text. */
export interface PlacedFeature {
  /** The index of the word whose logits it contributes to. */
  word: number;
  /** The index of the word that it belongs to. */
  of: number;
  /** The contribution to the logit of each label. */
  logits: Float64Array;
}

const known = new WeakMap<LinearTagger, (bucket: number) => number>();

/** Returns a function from buckets to columns, which is cached; -1 for unknown features. */
function columnsFor(linear: LinearTagger): (bucket: number) => number {
  const found = known.get(linear) ?? columnsOf(linear.ngrams)[0];
  known.set(linear, found);
  return found;
}

/** Returns the known features of a text's words; their sums plus the biases are the logits. */
export function placedFeatures(linear: LinearTagger, words: readonly string[]): PlacedFeature[] {
  const columnOf = columnsFor(linear), labels = linear.bias.length;
  const features = featureReader()(words);
  const { columns, values } = rowsOfWords(features, columnOf);
  let k = 0;
  return features.flatMap((buckets, word) => {
    const ofs = wordsOfFeatures(word, buckets.length, words.length);
    return buckets.flatMap((bucket, i) => {
      if (columnOf(bucket) < 0) return [];
      const at = columns[k] * labels, value = values[k++];
      const own = linear.weight.subarray(at, at + labels);
      return [{ word, of: ofs[i], logits: Float64Array.from(own, (each) => value * each) }];
    });
  });
}
