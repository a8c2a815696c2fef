/**
 * A model: everything that a prediction needs, as plain data.
 *
 * @module
 */
import type { FloatArray, Tensor } from "./backend.ts";
import type { Example } from "./data/examples.ts";
import type { WordVectors } from "./data/word_vectors.ts";
import { quote } from "./data/records.ts";
import { InputError } from "./errors.ts";
import { type Init, initWeights } from "./init.ts";
import {
  checkConfig,
  mapWeights,
  type NetworkConfig,
  networkConfig,
  type Weights,
  weightShapes,
} from "./network_config.ts";
import type { Ops } from "./ops.ts";
import { Random, STREAMS } from "./random.ts";
import { requireInteger } from "./settings.ts";
import { splitSymbols, type SymbolUnit } from "./text/symbols.ts";
import { DEFAULT_TOKENIZER, tokenize, type TokenizerOptions } from "./text/tokenizer.ts";
import { buildVocabulary, encode, indexWords } from "./text/vocabulary.ts";

/** What a model is for: to tell texts or words apart, or to foretell a text symbol by symbol. */
export type Task = "classification" | "language-model";

/** A network with its words, its labels and its weights. */
export interface Model {
  /** What it is for. Default: `"classification"`. */
  task?: Task;
  /** Of a language model, what its symbols are. */
  unit?: SymbolUnit;
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
  const names = examples.flatMap(({ label }) => isTagger ? splitTags(label) : [label]);
  const labels = [...new Set(names)].sort();
  if (labels.length === 0) throw new InputError("there are no examples to learn from");
  if (labels.length === 1) {
    throw new InputError(
      `every ${isTagger ? "word" : "example"} has the label ${quote(labels[0])}; ` +
        "two or more are needed to tell apart",
    );
  }
  for (
    const [rows, columns] of Object.values(weightShapes(config, vocabulary.length, labels.length))
  ) {
    if (rows * columns <= MAX_WEIGHT_SIZE) continue;
    throw new InputError(
      `a hidden size of ${config.hidden} for ${vocabulary.length} words needs a weight of more ` +
        `than ${MAX_WEIGHT_SIZE} numbers; choose a smaller one`,
    );
  }
  const random = new Random(seed, STREAMS.weights);
  const weights = initWeights(init, config, vocabulary.length, labels.length, random);
  if (vectors) {
    for (const [id, word] of vocabulary.entries()) {
      const vector = vectors.vectors.get(word);
      if (vector) weights.embedding.set(vector, id * config.embedding);
    }
  }
  return { config, tokenizer, vocabulary, labels, weights };
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
export function uploadWeights(
  ops: Ops,
  model: Pick<Model, "config" | "vocabulary" | "labels" | "weights">,
): Weights<Tensor> {
  const shapes = weightShapes(model.config, model.vocabulary.length, model.labels.length);
  return mapWeights(shapes, (shape, name) => ops.tensor(model.weights[name], shape));
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
  if (model.task === "language-model") return examples.map((each) => encodeDocument(model, each));

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

/** A document as a language model sees it: after each symbol, and after the start, the next one. */
function encodeDocument({ vocabulary, unit }: Model, { text, where }: Example): EncodedExample {
  const labels = encode(splitSymbols(text, unit!), indexWords(vocabulary));
  if (labels.length === 0) {
    throw new InputError(`${where ?? "the text"}: there is nothing in it; give a longer text`);
  }
  const words = new Int32Array(labels.length); // it begins with the start, whose id is 0
  words.set(labels.subarray(0, -1), 1);
  return { words, labels };
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
  { seed = 1, byLabel = true }: { seed?: number; byLabel?: boolean } = {},
): { train: Example[]; held: Example[] } {
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
