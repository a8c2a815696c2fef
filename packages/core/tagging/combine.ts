/**
 * A tagger's answers: those of the network, or of a mixture with a linear model.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { type LinearTagger, taggerLogits } from "../baseline/linear_tagger.ts";
import { logSoftmaxRows } from "../baseline/mixing.ts";
import { type Combiner, combinerWith, type Companions } from "../classification/combine.ts";
import { mapped } from "../sequence.ts";
import { tokenize, type TokenizerOptions } from "../text/tokenizer.ts";

/** The parts of a tagger besides its network. */
export type TaggerCompanions = Companions<"context">;

/** The parts of a tagger that determine how logits become answers. */
type Parts = TaggerCompanions & {
  labels: readonly string[];
  tokenizer: TokenizerOptions;
  config: { crf?: boolean };
};

/** Splits a text into words in their original case, which a linear model reads. */
export function writtenWords(text: string, tokenizer: TokenizerOptions): string[] {
  return tokenize(text, { ...tokenizer, lowerCase: false });
}

const known = new WeakMap<LinearTagger, ReturnType<typeof taggerLogits>>();

/** Returns the function from texts to the logits that a linear model computes for their words. */
function linearOf(linear: LinearTagger, tokenizer: TokenizerOptions) {
  const found = known.get(linear) ?? taggerLogits(linear); // its index is built once
  known.set(linear, found);
  return (texts: Iterable<string>) => found(mapped(texts, (text) => writtenWords(text, tokenizer)));
}

/**
 * Returns a function that combines logits into answers; undefined for a network alone. With a CRF,
 * the answers are logits for a CRF with its scores scaled by the network's weight.
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

/** Returns a * network + b * linear. */
export function mixedLogits(
  network: FloatArray,
  linear: Float64Array | undefined,
  a: number,
  b: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(network, (each, k) => a * each + b * (linear?.[k] ?? 0));
}
