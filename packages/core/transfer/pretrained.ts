/**
 * Transfer: what a model that labels texts takes over from a language model (ULMFiT, Howard and Ruder
 * 2018).
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

/** A model to take over from. */
export type Pretrained = AnyModel & SymbolReader;

/**
 * Whether a model can be taken over from: one that reads a text in one direction and predicts each
 * next symbol.
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

/** What a language model settles of the network. */
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
 * The network of a model that takes over from a language model: its own, with a new head, which pools
 * the mean and the maximum of all states where none is asked for.
 *
 * @throws {InputError} For a model to which nothing can be taken over from, and where another network
 *   is asked for.
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
      `the ${NAMES[name]} is settled by the pretrained model, ${config[name]}, got ${given}`,
    );
  }
  const { head = "mean-max", dropout = config.dropout, frozen = false } = options;
  const { recurrentDropout = config.recurrentDropout } = options;
  if (poolingOf({ head })?.isPerStep) {
    throw new InputError(
      "taggers take over nothing from a language model; leave out the pretrained one",
    );
  }
  return networkConfig({ ...config, head, dropout, recurrentDropout, frozen });
}

const ALIKE = 0.99; // of the words, which other tokenizers would leave as they are

/**
 * How a model reads texts that takes over from a language model: as that does. Where its words are such
 * as a new classifier reads, in lower case and without marks, texts are brought into this form.
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

/** What a language model reads, the unknown symbol first, without its marks of starts and labels. */
function symbolsOf({ vocabulary }: Pretrained): string[] {
  return vocabulary.filter((symbol) => symbol !== BOS && markedLabel(symbol) === undefined);
}

/** The vocabulary: the language model's, and behind it words that only the examples have. */
export function pretrainedVocabulary(
  pretrained: Pretrained,
  ofTexts: readonly string[],
): string[] {
  return [...new Set([...symbolsOf(pretrained), ...ofTexts])];
}

/**
 * Weights that take over those of a language model, save the head's. A word that it lacks begins with
 * the mean of all words.
 *
 * @param drawn Weights for the vocabulary.
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

/** A row for each word. */
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
