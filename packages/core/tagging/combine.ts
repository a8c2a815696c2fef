/**
 * What a tagger answers: the network's labels, or those of network and linear model together.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { type LinearTagger, taggerLogits } from "../baseline/linear_tagger.ts";
import { logSoftmaxRows } from "../baseline/mixing.ts";
import { type Combiner, combinerWith, type Companions } from "../classification/combine.ts";
import { mapped } from "../sequence.ts";
import { tokenize, type TokenizerOptions } from "../text/tokenizer.ts";

/** What a tagger has beside its network. */
export type TaggerCompanions = Companions<"context">;

/** What of a tagger settles how answers are made. */
type Parts = TaggerCompanions & {
  labels: readonly string[];
  tokenizer: TokenizerOptions;
  config: { crf?: boolean };
};

/** The words of a text as they are written, which a linear model reads. */
export function writtenWords(text: string, tokenizer: TokenizerOptions): string[] {
  return tokenize(text, { ...tokenizer, lowerCase: false });
}

const known = new WeakMap<LinearTagger, ReturnType<typeof taggerLogits>>();

/** The logits that a linear model gives the words of texts. */
function linearOf(linear: LinearTagger, tokenizer: TokenizerOptions) {
  const found = known.get(linear) ?? taggerLogits(linear); // its columns are found once
  known.set(linear, found);
  return (texts: Iterable<string>) => found(mapped(texts, (text) => writtenWords(text, tokenizer)));
}

/**
 * What makes answers of the network's logits; none where these are all there is. With a CRF the
 * answers are logits for it, once it is scaled by the network's weight, as is the network's row.
 */
export function tagCombiner(model: Parts): Combiner | undefined {
  const { linear, calibration, labels, tokenizer, config } = model;
  const logitsOf = linear && linearOf(linear, tokenizer);
  if (!config.crf) return combinerWith(model, logitsOf);
  if (!linear && !calibration) return undefined;
  return (logits, texts) => {
    const network = Float64Array.from(logits);
    const other = logitsOf && logSoftmaxRows(logitsOf(texts), labels.length);
    const { network: a, linear: b } = calibration ?? { network: 1, linear: 0 };
    return { network, linear: other, answer: mixedLogits(network, other, a, b) };
  };
}

/** a of the first and b of the second. */
export function mixedLogits(
  network: FloatArray,
  linear: Float64Array | undefined,
  a: number,
  b: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(network, (each, k) => a * each + b * (linear?.[k] ?? 0));
}
