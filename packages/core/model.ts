/**
 * A model: everything that a prediction needs, as plain data.
 *
 * @module
 */
import type { FloatArray, Tensor } from "./backend.ts";
import type { Example } from "./data/examples.ts";
import { quote } from "./data/records.ts";
import { InputError } from "./errors.ts";
import { type Init, initWeights } from "./init.ts";
import { mapWeights, type NetworkConfig, type Weights, weightShapes } from "./network.ts";
import type { Ops } from "./ops.ts";
import { Random } from "./random.ts";
import { requireInteger } from "./settings.ts";
import { DEFAULT_TOKENIZER, tokenize, type TokenizerOptions } from "./text/tokenizer.ts";
import { buildVocabulary, encode, indexWords } from "./text/vocabulary.ts";

/** A network with its words, its labels and its weights. */
export interface Model {
  /** What the network is made of. */
  config: NetworkConfig;
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** The words by id; id 0 stands for every unknown word. */
  vocabulary: string[];
  /** The labels by id. */
  labels: string[];
  /** The weights, row by row. Training replaces them with each good set of new ones. */
  weights: Weights<FloatArray>;
}

/** Settings of {@linkcode createModel}. */
export interface ModelOptions {
  /** How many numbers the state has. Default: 64. */
  hidden?: number;
  /** How the weights start. Default: `"article"`. */
  init?: Init;
  /** The seed of the weights. Default: 1. */
  seed?: number;
  /** How a text becomes words. Default: lower case, no punctuation. */
  tokenizer?: TokenizerOptions;
}

const SEED_STREAM = 0;

// A gibibyte of float32: past this a single weight matrix no longer fits beside its gradient.
const MAX_WEIGHT_SIZE = 2 ** 28;

/**
 * An untrained model for some examples: its vocabulary and its labels are theirs.
 *
 * @throws {InputError} Where there are fewer than two labels, or a setting is out of range.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([
 *   { text: "i am good", label: "positive" },
 *   { text: "i am bad", label: "negative" },
 * ]);
 * assertEquals(model.vocabulary, ["<unk>", "am", "bad", "good", "i"]);
 * assertEquals(model.labels, ["negative", "positive"]);
 * ```
 */
export function createModel(examples: readonly Example[], options: ModelOptions = {}): Model {
  const { hidden = 64, init = "article", seed = 1, tokenizer = DEFAULT_TOKENIZER } = options;
  requireInteger("the hidden size", hidden, 1);
  requireInteger("the seed", seed, 0);
  const vocabulary = buildVocabulary(examples.map(({ text }) => tokenize(text, tokenizer)));
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  if (labels.length === 0) throw new InputError("there are no examples to learn from");
  if (labels.length === 1) {
    throw new InputError(
      `every example has the label ${quote(labels[0])}; two or more are needed to tell apart`,
    );
  }
  if (hidden * Math.max(hidden, vocabulary.length, labels.length) > MAX_WEIGHT_SIZE) {
    throw new InputError(
      `a hidden size of ${hidden} for ${vocabulary.length} words needs a weight of more than ` +
        `${MAX_WEIGHT_SIZE} numbers; choose a smaller one`,
    );
  }
  const random = new Random(seed, SEED_STREAM);
  const weights = initWeights(init, vocabulary.length, hidden, labels.length, random);
  return { config: { cell: "rnn", hidden }, tokenizer, vocabulary, labels, weights };
}

/** A model's weights on a device. */
export function uploadWeights(ops: Ops, model: Model): Weights<Tensor> {
  const { vocabulary, config, labels, weights } = model;
  const shapes = weightShapes(vocabulary.length, config.hidden, labels.length);
  return mapWeights((name) => ops.tensor(weights[name], shapes[name]));
}

/** An example as the network sees it. */
export interface EncodedExample {
  /** Word ids. */
  words: Int32Array;
  /** The id of its label. */
  label: number;
}

/**
 * Examples as a model sees them.
 *
 * @throws {InputError} For a text without words and for a label that the model does not have.
 */
export function encodeExamples(model: Model, examples: readonly Example[]): EncodedExample[] {
  const index = indexWords(model.vocabulary);
  const labelIds = new Map(model.labels.map((label, id) => [label, id]));
  return examples.map(({ text, label, where }, i) => {
    const place = where ?? `example ${i + 1}`;
    const words = encode(tokenize(text, model.tokenizer), index);
    if (words.length === 0) {
      throw new InputError(`${place}: the text ${quote(text)} has no words; remove it`);
    }
    const id = labelIds.get(label);
    if (id === undefined) {
      throw new InputError(
        `${place}: the label ${quote(label)} is not one that the model learns: ` +
          shortList(model.labels),
      );
    }
    return { words, label: id };
  });
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(", ");
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown;
}
