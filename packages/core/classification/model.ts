/**
 * Untrained models that classify texts.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { requireInteger } from "../checks.ts";
import type { Example } from "../data/examples.ts";
import { placeOf } from "../data/place.ts";
import { quoteSome } from "../data/records.ts";
import { differentLabels, tokenCounts } from "../data/token_counts.ts";
import type { WordVectors } from "../data/word_vectors.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import type { Companions } from "./combine.ts";
import { checkModelOptions } from "../model_options.ts";
import { checkConfig, type Head, type NetworkConfig, networkConfig } from "../network/config.ts";
import { type Init, initWeights } from "../network/init.ts";
import { checkSizes, weightShapes } from "../network/shapes.ts";
import { quote } from "../printable.ts";
import { Random, STREAMS } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import { alphabetOf, countsOfWords } from "../text/spellings.ts";
import { NEW_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import { vocabularyOf } from "../text/vocabulary.ts";
import type { Reader } from "./encode.ts";
import {
  type Pretrained,
  pretrainedConfig,
  pretrainedTokenizer,
  pretrainedVocabulary,
  takeOver,
} from "../transfer/pretrained.ts";

/** A model that predicts one of its labels for a text. */
export interface ClassificationModel extends AnyModel, Companions {
  /** The name of its task. */
  task: "classification";
  /** How a text is split into words. */
  tokenizer: TokenizerOptions;
}

/** Options of a classifier or tagger: these and the network's, which default to the article's. */
export interface ModelOptions extends Partial<NetworkConfig> {
  /** The weight initialization. Default: `"tiny"` for the cell rnn, else `"scaled"`. */
  init?: Init;
  /** The random seed of the initial weights. Default: 1. */
  seed?: number;
  /** How a text is split into words. Default: lower case, no punctuation, typography folded; with
   * the head `token`, split at white space. A tokenizer given here folds only if it says so. */
  tokenizer?: TokenizerOptions;
  /** How often a word must occur to be in the vocabulary. Default: 1. */
  minCount?: number;
  /**
   * Word vectors to initialize the embedding with; they set the embedding size. The words that they
   * keep are added to the vocabulary after those of the examples. No example has these words, so
   * training never changes their vectors, even if the embedding is not frozen.
   */
  vectors?: WordVectors;
  /**
   * A pretrained language model to start from (Howard and Ruder 2018). The classifier gets its
   * embedding, layers, tokenizer and vocabulary, plus the words that only the examples have. Only
   * the head, dropout and whether the embedding is frozen can then still be chosen. The option
   * `fineTuning` of `train` sets each layer's learning rate.
   */
  pretrained?: Pretrained;
}

const OPTIONS = /* @__PURE__ */ Object.keys(
  {
    cell: true,
    activation: true,
    hidden: true,
    layers: true,
    bidirectional: true,
    dropout: true,
    recurrentDropout: true,
    embedding: true,
    frozen: true,
    projection: true,
    head: true,
    crf: true,
    init: true,
    seed: true,
    tokenizer: true,
    minCount: true,
    vectors: true,
    letters: true,
    pretrained: true,
  } satisfies Record<keyof ModelOptions, true>,
);

/**
 * Creates an untrained classifier with the vocabulary and the labels of some examples.
 *
 * @throws {InputError} If there are fewer than two labels, or an option is out of range.
 */
export function createClassifier(
  examples: Sequence<Example>,
  options: ModelOptions & { head?: Exclude<Head, "token"> } = {},
): ClassificationModel {
  return {
    task: "classification",
    ...labeledModel(examples, (label) => [label], "example", NEW_TOKENIZER, options),
  };
}

/**
 * Creates the part that classifiers and taggers have in common.
 *
 * @param split Splits an example's label: into one label, or one for each word.
 * @param what What a label belongs to.
 */
export function labeledModel(
  examples: Sequence<Example>,
  split: (label: string) => string[],
  what: "example" | "word",
  defaultTokenizer: TokenizerOptions,
  options: ModelOptions,
): Omit<ClassificationModel, "task" | keyof Companions> {
  const own = { name: "createModel()", tokenizer: defaultTokenizer };
  let labels: string[] = [];
  const model = textModel(examples, options, own, (place) => {
    labels = differentLabels(examples, split);
    if (labels.length === 0) throw new InputError("there are no examples to learn from");
    if (labels.length > 1) return labels.length;
    throw new InputError(
      `${place}every ${what} has the label ${quote(labels[0])}; ` +
        "a classifier needs at least two labels",
    );
  });
  const { weights, ...rest } = model;
  return { ...rest, labels, weights };
}

/**
 * Creates the part that all models that read texts word by word have in common.
 *
 * @param own The `name` of the called function, its default `tokenizer`, and its further `options`.
 * @param outputsOf Returns the number of the network's outputs. It may throw, and gets the prefix
 *   for messages about the examples.
 */
export function textModel(
  examples: Sequence<Example>,
  options: ModelOptions,
  own: { name: string; tokenizer: TokenizerOptions; options?: readonly string[] },
  outputsOf: (place: string) => number,
): Omit<ClassificationModel, "task" | "labels" | keyof Companions> & Pick<Reader, "alphabet"> {
  checkModelOptions(own.name, [...OPTIONS, ...own.options ?? []], options);
  const { seed = 1, minCount = 1, vectors, pretrained } = options;
  const config = pretrained ? pretrainedConfig(pretrained, options) : networkConfig({
    ...options,
    embedding: options.embedding ?? vectors?.dimensions,
  });
  if (pretrained) requireNoneBeside(options);
  const tokenizer = pretrained
    ? pretrainedTokenizer(pretrained)
    : options.tokenizer ?? own.tokenizer;
  const { init = config.cell === ARTICLE_CELL ? "tiny" : "scaled" } = options;
  checkConfig(config);
  requireInteger("the seed", seed, 0);
  requireInteger("the minimum count of a word", minCount, 1);
  if (vectors && vectors.dimensions !== config.embedding) {
    throw new InputError(
      `the embedding size must be that of the word vectors, ${vectors.dimensions}, ` +
        `got ${config.embedding}; for another size give a projection`,
    );
  }
  const ofTokens = tokenCounts(examples, tokenizer);
  const counts = countsOfWords(ofTokens, tokenizer);
  const alphabet = config.letters ? alphabetOf(ofTokens) : undefined;
  const ofTexts = vocabularyOf(counts, minCount);
  const vocabulary = pretrained
    ? pretrainedVocabulary(pretrained, ofTexts)
    : withKept(ofTexts, vectors);
  const place = placeOf(examples);
  if (ofTexts.length === 1 && minCount > 1) {
    throw new InputError(`${place}${noWordsLeft(counts, minCount)}`);
  }
  const outputs = outputsOf(place);
  const shapes = weightShapes(config, vocabulary.length, outputs, alphabet?.length);
  checkSizes(config, shapes);
  // Drawn for the words of the texts alone, so that kept vectors do not change the other weights.
  const drawn = weightShapes(config, ofTexts.length, outputs, alphabet?.length);
  const weights = initWeights(init, config, drawn, new Random(seed, STREAMS.weights));
  if (pretrained) {
    return { config, tokenizer, vocabulary, weights: takeOver(pretrained, vocabulary, weights) };
  }
  if (vectors) {
    weights.embedding = takeVectors(weights.embedding, vectors, vocabulary, ofTexts.length, place);
  }
  return { config, tokenizer, vocabulary, ...(alphabet && { alphabet }), weights };
}

/** Throws if options are given that the pretrained language model determines. */
function requireNoneBeside({ vectors, projection, tokenizer, init }: ModelOptions): void {
  const [name] =
    Object.entries({ vectors, projection, tokenizer, init }).find(([, value]) => value) ?? [];
  if (name === undefined) return;
  throw new InputError(`the pretrained model also determines the ${name}; leave it out`);
}

const ARTICLE_CELL = networkConfig({}).cell;

/** Appends to a vocabulary the words that the vectors keep. */
function withKept(ofTexts: readonly string[], vectors: WordVectors | undefined): string[] {
  const all = new Set(ofTexts);
  for (const word of vectors?.kept ?? []) if (vectors?.vectors.has(word)) all.add(word);
  return [...all];
}

/** Returns the embedding with the known words' vectors; words of the texts have the first ids. */
function takeVectors(
  drawn: FloatArray,
  { vectors, dimensions }: WordVectors,
  vocabulary: readonly string[],
  ofTexts: number,
  place: string,
): FloatArray {
  const embedding = new Float64Array(vocabulary.length * dimensions);
  embedding.set(drawn);
  let found = 0;
  for (const [id, word] of vocabulary.entries()) {
    const vector = vectors.get(word);
    if (!vector) continue;
    embedding.set(vector, id * dimensions);
    if (id < ofTexts) found++;
  }
  if (found > 0) return embedding;
  throw new InputError(
    `${place}the word vectors have none of the words, such as ` +
      `${quoteSome(vocabulary.slice(1, ofTexts))}; give vectors of these words, or none`,
  );
}

/** Returns the message for an empty vocabulary. */
function noWordsLeft(counts: ReadonlyMap<string, number>, minCount: number): string {
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  if (!first) return "the texts have no words";
  const [word, count] = first;
  return `a minimum count of ${minCount} leaves no words; the most frequent one, ${quote(word)}, ` +
    `occurs ${count === 1 ? "once" : `${count} times`}`;
}
