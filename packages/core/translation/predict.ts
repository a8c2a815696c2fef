/**
 * Predictions of translation models, and their evaluation.
 *
 * @module
 */
import { requireInteger, requireOptions } from "../checks.ts";
import { type Example, requireLength } from "../data/examples.ts";
import { placeOf } from "../data/place.ts";
import { InputError } from "../errors.ts";
import { requireFinite } from "../ops/reading.ts";
import { quote } from "../printable.ts";
import type { Sequence } from "../sequence.ts";
import type { Uploaded } from "../task.ts";
import { readSymbols } from "../text/read_symbols.ts";
import { joinSymbols } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import { beamSearch, disposeSources, greedy, type Hypothesis, readSources } from "./decode.ts";
import { encodePairs, requireKnown, unknownFraction } from "./encode.ts";
import { isTarget, measurePairs } from "./measure.ts";
import type { TranslationModel } from "./model.ts";

/** Options of `predict` for translation models. */
export interface TranslateOptions {
  /**
   * The beam width: hypotheses to continue at each symbol. Default: 1, greedy decoding.
   */
  beam?: number;
  /** The maximum number of symbols of a target. Default: 200. */
  maxLength?: number;
}

/** A text and its translation. */
export interface Translation {
  /** The text. */
  text: string;
  /** The translation. */
  target: string;
  /** The probability of this target, from 0 to 1. */
  probability: number;
  /** Whether the model predicted its end; if not, it was cut off at the maximum length. */
  ended: boolean;
  /** The symbols of the text that the model does not know. */
  unknown: string[];
  /** The attention weights, for a model with attention. */
  attention?: {
    /** The text's symbols. */
    source: string[];
    /** The target's symbols. */
    target: string[];
    /** `weights[i][j]`: from symbol i of the target to symbol j of the text. Rows sum to 1. */
    weights: number[][];
  };
}

const BATCH_SIZE = 32; // texts that share a forward pass
const checked = { check: requireFinite };

/** Translates each text; throws an `InputError` for one without symbols, or a bad option. */
export async function translateTexts(
  { ops, model, weights }: Uploaded<TranslationModel>,
  texts: readonly string[],
  options: TranslateOptions = {},
): Promise<Translation[]> {
  requireOptions("predict()", options, ["beam", "maxLength"]);
  const { beam = 1, maxLength = 200 } = options;
  const choices = model.labels.length - 1; // without the unknown symbol
  requireInteger("the beam width", beam, 1);
  if (beam > choices) {
    throw new InputError(
      `the beam width must be at most ${choices}, the number of target symbols, got ${beam}`,
    );
  }
  requireInteger("the maximum length", maxLength, 1);
  const { config, vocabulary, labels, unit } = model;
  const index = indexWords(vocabulary);
  const sources = texts.map((text) => {
    requireLength(text);
    const symbols = readSymbols(text, model);
    if (symbols.length === 0) throw new InputError(`the text ${quote(text)} has no ${unit}`);
    return symbols;
  });
  const encoded = sources.map((symbols) => encode(symbols, index));
  const hypotheses: Hypothesis[] = [];
  const batchSize = beam === 1 ? BATCH_SIZE : 1;
  // Similar lengths share a batch, so that there is little padding and targets end together.
  const order = byLength(encoded);
  for (let start = 0; start < order.length; start += batchSize) {
    const places = order.slice(start, start + batchSize);
    const some = places.map((i) => encoded[i]);
    const read = readSources(ops, config, weights, some, vocabulary.length);
    try {
      const given = beam === 1
        ? await greedy(ops, config, weights, read, maxLength, checked)
        : [await beamSearch(ops, config, weights, read, maxLength, beam, checked)];
      for (const [k, i] of places.entries()) hypotheses[i] = given[k];
    } finally {
      disposeSources(ops, read);
    }
  }
  return hypotheses.map(({ symbols, logProbability, ended, attention }, i) => {
    const target = symbols.map((id) => labels[id]);
    const source = sources[i];
    return {
      text: texts[i],
      target: joinSymbols(target, unit),
      probability: Math.exp(logProbability),
      ended,
      unknown: source.filter((_, t) => encoded[i][t] === 0),
      ...(attention ? { attention: { source, target, weights: attention } } : {}),
    };
  });
}

/** Returns the indices of sequences sorted by length, shortest first; ties keep their order. */
function byLength(sequences: readonly Int32Array[]): number[] {
  return Array.from(sequences, (_, i) => i)
    .sort((i, j) => sequences[i].length - sequences[j].length);
}

/** The evaluation of a translation model. */
export interface TranslationEvaluation {
  /** The mean cross-entropy per symbol, in nats. */
  loss: number;
  /** The accuracy per symbol under teacher forcing, from 0 to 1. */
  accuracy: number;
  /** Exact match: the fraction of targets that free decoding reproduces exactly, from 0 to 1. */
  exact: number;
  /** The fraction of unknown symbols, from 0 to 1; in a target they count as wrong. */
  unknown: number;
  /** The most confident mistakes, most confident first: at most ten. */
  mistakes: { text: string; actual: string; predicted: string; probability: number }[];
}

const MAX_MISTAKES = 10;

/** Evaluates a model on examples; throws an `InputError` if there are none. */
export async function evaluateTranslations(
  { ops, model, weights }: Uploaded<TranslationModel>,
  examples: Sequence<Example>,
): Promise<TranslationEvaluation> {
  if (examples.length === 0) throw new InputError("there are no examples to evaluate on");
  const encoded = encodePairs(model, examples);
  requireKnown(model, placeOf(examples), encoded);
  const { config, vocabulary, labels, unit } = model;
  const { metrics, hypotheses } = await measurePairs(
    ops,
    config,
    weights,
    encoded,
    vocabulary.length,
    checked,
  );
  const wrong = hypotheses.map((hypothesis, i) => ({ hypothesis, i }))
    .filter(({ hypothesis, i }) => !isTarget(hypothesis, encoded.at(i)!))
    .sort((a, b) => b.hypothesis.logProbability - a.hypothesis.logProbability)
    .slice(0, MAX_MISTAKES)
    .map(({ hypothesis, i }) => ({ hypothesis, example: examples.at(i)! }));
  return {
    ...metrics,
    unknown: unknownFraction(encoded),
    mistakes: wrong.map(({ example, hypothesis }) => ({
      text: example.text,
      actual: example.label ?? "",
      predicted: joinSymbols(hypothesis.symbols.map((id) => labels[id]), unit),
      probability: Math.exp(hypothesis.logProbability),
    })),
  };
}
