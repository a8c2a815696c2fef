/**
 * A model: everything that a prediction needs, as plain data.
 *
 * @module
 */
import type { FloatArray, Shape, Tensor } from "./backend.ts";
import type { Example } from "./data/examples.ts";
import type { WordVectors } from "./data/word_vectors.ts";
import { placeOf } from "./data/place.ts";
import { quote, quoteSome } from "./data/records.ts";
import { InputError } from "./errors.ts";
import { type Init, initWeights } from "./network/init.ts";
import {
  checkConfig,
  checkSizes,
  mapWeights,
  type NetworkConfig,
  networkConfig,
  type Weights,
  weightShapes,
} from "./network/config.ts";
import { checkModelOptions } from "./model_options.ts";
import type { Ops } from "./ops/checked_ops.ts";
import { Random, STREAMS } from "./random.ts";
import { encodeDocuments } from "./language_model/encode.ts";
import { encodePairs } from "./translation/encode.ts";
import { seq2seqShapes } from "./translation/network.ts";
import { requireBoolean, requireInteger, requireOptions } from "./checks.ts";
import type { SymbolUnit } from "./text/symbols.ts";
import { DEFAULT_TOKENIZER, tokenize, type TokenizerOptions } from "./text/tokenizer.ts";
import { buildVocabulary, encode, indexWords } from "./text/vocabulary.ts";

/**
 * What a model is for: to tell texts or words apart, to foretell a text symbol by symbol, or to give
 * a text for a text.
 */
export type Task = "classification" | "language-model" | "translate";

/** How a decoder looks back at what its encoder has read: by dot products, or not at all. */
export type Attention = "dot" | "none";

/** A network with its words, its labels and its weights. */
export interface Model {
  /** What it is for. Default: `"classification"`. */
  task?: Task;
  /** Of a language model, and of one that translates, what its symbols are. */
  unit?: SymbolUnit;
  /** Of a model that translates, how the decoder looks back. */
  attention?: Attention;
  /** What the network is made of. */
  config: NetworkConfig;
  /** How a text becomes words, where there is no unit. */
  tokenizer: TokenizerOptions;
  /** The words by id; id 0 stands for every unknown word. */
  vocabulary: string[];
  /** The labels by id; of a model that gives symbols one by one, these symbols. */
  labels: string[];
  /** The weights, row by row. Training replaces them with each good set of new ones. */
  weights: Weights<FloatArray>;
}

/** Settings of {@linkcode createModel}: the network's, which default to the article's, and these. */
export interface ModelOptions extends Partial<NetworkConfig> {
  /** How the weights start. Default: `"article"` for the cell rnn, else `"scaled"`. */
  init?: Init;
  /** The seed of the weights. Default: 1. */
  seed?: number;
  /** How a text becomes words. Default: lower case, no punctuation; for the head `token`, split at
   * blank space. */
  tokenizer?: TokenizerOptions;
  /** How often a word must occur to be known. Default: 1. */
  minCount?: number;
  /** What the embedding starts from, for the words that it has; sets the embedding's size. */
  vectors?: WordVectors;
}

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
  checkModelOptions("createModel()", "classification", options);
  const { seed = 1, minCount = 1, vectors } = options;
  const config = networkConfig({
    ...options,
    embedding: options.embedding ?? vectors?.dimensions,
  });
  const { init = config.cell === "rnn" ? "article" : "scaled" } = options;
  const isTagger = config.head === "token";
  const { tokenizer = isTagger ? TAGGER_TOKENIZER : DEFAULT_TOKENIZER } = options;
  checkConfig(config);
  requireInteger("the seed", seed, 0);
  requireInteger("the least count of a word", minCount, 1);
  if (vectors && vectors.dimensions !== config.embedding) {
    throw new InputError(
      `the embedding size must be that of the word vectors, ${vectors.dimensions}, ` +
        `got ${config.embedding}`,
    );
  }
  const sentences = examples.map(({ text }) => tokenize(text, tokenizer));
  const vocabulary = buildVocabulary(sentences, minCount);
  const place = placeOf(examples);
  if (vocabulary.length === 1 && minCount > 1) {
    throw new InputError(`${place}${noWordsLeft(sentences, minCount)}`);
  }
  const names = examples.flatMap(({ label }) => isTagger ? splitTags(label) : [label]);
  const labels = [...new Set(names)].sort();
  if (labels.length === 0) throw new InputError("there are no examples to learn from");
  if (labels.length === 1) {
    throw new InputError(
      `${place}every ${isTagger ? "word" : "example"} has the label ${quote(labels[0])}; ` +
        "a classifier needs at least two labels",
    );
  }
  const shapes = weightShapes(config, vocabulary.length, labels.length);
  checkSizes(config, shapes);
  const weights = initWeights(init, config, shapes, new Random(seed, STREAMS.weights));
  if (vectors) {
    let found = 0;
    for (const [id, word] of vocabulary.entries()) {
      const vector = vectors.vectors.get(word);
      if (!vector) continue;
      weights.embedding.set(vector, id * config.embedding);
      found++;
    }
    if (found === 0) {
      throw new InputError(
        `${place}the word vectors have none of the words, such as ${
          quoteSome(vocabulary.slice(1))
        }; ` +
          "give vectors of these words, or none",
      );
    }
  }
  return { config, tokenizer, vocabulary, labels, weights };
}

/** Why no word is known. */
function noWordsLeft(sentences: readonly string[][], minCount: number): string {
  const counts = new Map<string, number>();
  for (const words of sentences) {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  if (!first) return "the texts have no words";
  const [word, count] = first;
  return `a minimum count of ${minCount} leaves no words; the most frequent one, ${quote(word)}, ` +
    `occurs ${count === 1 ? "once" : `${count} times`}`;
}

const TAGGER_TOKENIZER: TokenizerOptions = {
  lowerCase: true,
  punctuation: "keep",
  split: "spaces",
};

/** The labels of a text's words, in their order. */
export function splitTags(label: string): string[] {
  return label.split(/\s+/u).filter((tag) => tag !== "");
}

/** A model's weights on a device. */
export function uploadWeights(ops: Ops, model: Model): Weights<Tensor> {
  let weights: Weights<Tensor> = {};
  ops.scope(() => {
    weights = mapWeights(shapesOf(model), (shape, name) => ops.tensor(model.weights[name], shape));
    return Object.values(weights);
  });
  return weights;
}

/** The shape of each weight of a model. */
export function shapesOf(
  { task, config, attention, vocabulary, labels }: Omit<Model, "weights">,
): Weights<Shape> {
  return task === "translate"
    ? seq2seqShapes(config, attention!, vocabulary.length, labels.length)
    : weightShapes(config, vocabulary.length, labels.length);
}

/**
 * Throws unless a model is for a task.
 *
 * @throws {InputError} With what to ask the model by.
 */
export function requireTask(model: Model, task: Task): void {
  const { task: own = "classification" } = model;
  if (own === task) return;
  throw new InputError(
    own === "language-model"
      ? "this is a language model; let it write with generate()"
      : own === "translate"
      ? "this model gives a text for a text; ask it with translate()"
      : "this model tells texts or words apart; ask it with predict() or tag()",
  );
}

/** An example as the network sees it. */
export interface EncodedExample {
  /** Word ids. */
  words: Int32Array;
  /** The id of its label; for the head `token`, of each word's. */
  labels: Int32Array;
}

/**
 * Examples as a model sees them.
 *
 * @throws {InputError} For a text without words, for a label that the model does not have, and for
 *   a text of which not every word has its label.
 */
export function encodeExamples(model: Model, examples: readonly Example[]): EncodedExample[] {
  if (model.task === "language-model") return encodeDocuments(model, examples);
  if (model.task === "translate") return encodePairs(model, examples);
  const index = indexWords(model.vocabulary);
  const labelIds = new Map(model.labels.map((label, id) => [label, id]));
  return examples.map(({ text, label, where }, i) => {
    const place = where ?? `example ${i + 1}`;
    const words = encode(tokenize(text, model.tokenizer), index);
    if (words.length === 0) {
      throw new InputError(`${place}: the text ${quote(text)} has no words; remove it`);
    }
    const names = model.config.head === "token" ? splitTags(label) : [label];
    if (model.config.head === "token" && names.length !== words.length) {
      throw new InputError(
        `${place}: the text ${quote(text)} has ${words.length} words and ${names.length} labels; ` +
          "give one for each, with spaces between them",
      );
    }
    const labels = Int32Array.from(names, (name) => {
      const id = labelIds.get(name);
      if (id !== undefined) return id;
      throw new InputError(
        `${place}: the label ${quote(name)} is not one that the model learns: ` +
          shortList(model.labels),
      );
    });
    return { words, labels };
  });
}

/**
 * Sets a share of the examples aside, of each label alike.
 *
 * @param share How much to set aside, above 0 and below 1.
 * @param options `seed` of the draw (default: 1); `byLabel`, whether each label gives its share
 *   (default: true), which means nothing where labels are lists of tags.
 * @throws {InputError} Where one part would be empty.
 *
 * @example
 * ```ts
 * import { splitExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = ["a", "b", "c", "d"].flatMap((text) => [
 *   { text, label: "up" },
 *   { text, label: "down" },
 * ]);
 * const { train, held } = splitExamples(examples, 0.25);
 * assertEquals([train.length, held.length], [6, 2]);
 * assertEquals(held.map(({ label }) => label).sort(), ["down", "up"]);
 * ```
 */
export function splitExamples(
  examples: readonly Example[],
  share: number,
  options: { seed?: number; byLabel?: boolean } = {},
): { train: Example[]; held: Example[] } {
  requireOptions("splitExamples()", options, ["seed", "byLabel"]);
  const { seed = 1, byLabel = true } = options;
  requireInteger("the seed", seed, 0);
  requireBoolean("byLabel", byLabel);
  if (!(share > 0 && share < 1)) {
    throw new InputError(`the validation share must be above 0 and below 1, got ${share}`);
  }
  const places = examples.map((_, i) => i);
  new Random(seed, STREAMS.split).shuffle(places);
  const groups = Map.groupBy(places, (i) => byLabel ? examples[i].label : "");
  const held = new Set<number>();
  let owed = 0; // what rounding has kept from the share so far
  for (const label of [...groups.keys()].sort()) {
    const group = groups.get(label)!;
    owed += share * group.length;
    const count = Math.min(Math.round(owed), group.length - 1); // training keeps one of each
    owed -= count;
    for (const i of group.slice(0, count)) held.add(i);
  }
  if (held.size === 0) {
    throw new InputError(
      `${examples.length} examples are too few to set ${share} of them aside for validation; ` +
        "give more, or a larger share",
    );
  }
  return {
    train: examples.filter((_, i) => !held.has(i)),
    held: examples.filter((_, i) => held.has(i)),
  };
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(", ");
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown;
}
