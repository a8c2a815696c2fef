/**
 * Transfer learning from a language model to a model that predicts labels or numbers for texts
 * (ULMFiT, Howard and Ruder 2018).
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { type NetworkConfig, networkConfig } from "../network/config.ts";
import { poolingOf } from "../network/head.ts";
import type { Weights } from "../network/weights.ts";
import { quote } from "../printable.ts";
import { BOS, markedLabel } from "../text/marks.ts";
import type { SymbolReader } from "../text/symbols.ts";
import { NEW_TOKENIZER, tokenize, type TokenizerOptions } from "../text/tokenizer.ts";

/** A pretrained language model. */
export type Pretrained = AnyModel & SymbolReader;

/**
 * Returns whether a model can serve as a pretrained model: one that reads a text in one direction
 * and predicts each next token.
 *
 * @example
 * ```ts
 * import { createLanguageModel, createModel, isPretrained } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isPretrained(createLanguageModel([{ text: "abc" }])), true);
 * const classifier = createModel([{ text: "a", label: "up" }, { text: "b", label: "down" }]);
 * assertEquals(isPretrained(classifier), false);
 * ```
 */
export function isPretrained(model: AnyModel): model is Pretrained {
  const { unit } = model as Partial<Pretrained>;
  return typeof unit === "string" && poolingOf(model.config).isPerStep &&
    model.vocabulary.includes(BOS) && model.weights.Wxh !== undefined;
}

/** The settings of the network that the pretrained model determines. */
const SETTLED = ["cell", "activation", "hidden", "layers", "bidirectional", "embedding"] as const;

const NAMES: Record<typeof SETTLED[number], string> = {
  cell: "cell",
  activation: "activation",
  hidden: "hidden size",
  layers: "number of layers",
  bidirectional: "number of directions",
  embedding: "embedding size",
};

/**
 * Returns the network configuration of a model that starts from a language model: the language
 * model's, with a new head. By default, the head pools the mean and the maximum of all states.
 *
 * @throws {InputError} If the pretrained model is not a language model, the options ask for a
 *   different network, or the head is that of a tagger.
 */
export function pretrainedConfig(
  pretrained: Pretrained,
  options: Partial<NetworkConfig>,
): NetworkConfig {
  const { task } = pretrained;
  if (!isPretrained(pretrained)) {
    throw new InputError(
      `the pretrained model must be a language model, got one for ${quote(task)}`,
    );
  }
  const { config } = pretrained;
  for (const name of SETTLED) {
    const given = options[name];
    if (given === undefined || given === config[name]) continue;
    throw new InputError(
      `the ${NAMES[name]} must be that of the pretrained model, ${config[name]}, got ${given}`,
    );
  }
  const { head = "mean-max", dropout = config.dropout, frozen = false } = options;
  const { recurrentDropout = config.recurrentDropout } = options;
  if (poolingOf({ head })?.isPerStep) {
    throw new InputError(
      "a tagger cannot start from a language model; omit the pretrained model",
    );
  }
  return networkConfig({ ...config, head, dropout, recurrentDropout, frozen });
}

const ALIKE = 0.99; // the fraction of words that a new classifier's tokenizer must leave unchanged

/**
 * Returns the tokenizer of a model that starts from a language model: the same as the language
 * model's. If its words are like those of a new classifier, in lower case and without punctuation,
 * texts are normalized to this form.
 */
export function pretrainedTokenizer(pretrained: Pretrained): TokenizerOptions {
  const { unit, html, normalization } = pretrained;
  const own = html ? { html } : {};
  if (unit !== "words") {
    return {
      lowerCase: false,
      punctuation: "keep",
      split: unit,
      ...own,
    };
  }
  if (normalization === "plain") return { ...NEW_TOKENIZER, ...own };
  const words = symbolsOf(pretrained).slice(1);
  const same = words.filter((word) => {
    const read = tokenize(word, NEW_TOKENIZER);
    return word === "\n" || read.length === 1 && read[0] === word;
  });
  return same.length >= ALIKE * words.length
    ? { ...NEW_TOKENIZER, ...own }
    : { lowerCase: false, punctuation: "keep", split: "spaces", ...own };
}

/** Returns a language model's vocabulary, unknown symbol first, without start and label marks. */
function symbolsOf({ vocabulary }: Pretrained): string[] {
  return vocabulary.filter((symbol) => symbol !== BOS && markedLabel(symbol) === undefined);
}

/** Returns the language model's vocabulary, followed by words that only the examples have. */
export function pretrainedVocabulary(
  pretrained: Pretrained,
  ofTexts: readonly string[],
): string[] {
  return [...new Set([...symbolsOf(pretrained), ...ofTexts])];
}

/**
 * Returns the weights of a language model for a new vocabulary, with a new head. A word that the
 * language model lacks starts with the mean of all words.
 *
 * @param drawn Random initial weights of the new model, whose head is kept.
 */
export function takeOver(
  pretrained: Pretrained,
  vocabulary: readonly string[],
  drawn: Weights<FloatArray>,
): Weights<FloatArray> {
  const taken: Weights<FloatArray> = {};
  const ofWords = pretrained.config.embedding > 0 ? "embedding" : "Wxh";
  for (const [name, values] of Object.entries(drawn)) {
    const before = pretrained.weights[name];
    if (name === "Why" || name === "by") taken[name] = values;
    else if (name === ofWords) taken[name] = takeRows(pretrained, before, vocabulary);
    else taken[name] = before.slice();
  }
  return taken;
}

/** Returns the pretrained row of each word of `vocabulary`, `[words, width]`. */
function takeRows(
  pretrained: Pretrained,
  rows: FloatArray,
  vocabulary: readonly string[],
): FloatArray {
  const width = rows.length / pretrained.vocabulary.length;
  const places = new Map(pretrained.vocabulary.map((symbol, id) => [symbol, id]));
  const rowOf = (id: number) => rows.subarray(id * width, (id + 1) * width);
  const known = symbolsOf(pretrained).slice(1), mean = new Float64Array(width);
  for (const symbol of known) {
    rowOf(places.get(symbol)!).forEach((value, k) => mean[k] += value / known.length);
  }
  const taken = new Float64Array(vocabulary.length * width);
  for (const [id, word] of vocabulary.entries()) {
    const place = places.get(word);
    taken.set(place === undefined ? mean : rowOf(place), id * width);
  }
  return taken;
}
