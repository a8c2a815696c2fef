/**
 * Models that give a text a label, before they are trained.
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

/** A model that gives a text one of its labels. */
export interface ClassificationModel extends AnyModel, Companions {
  /** Its task. */
  task: "classification";
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
}

/** Options of a classifier or a tagger: the network's, which default to the article's, and these. */
export interface ModelOptions extends Partial<NetworkConfig> {
  /** How the weights start. Default: `"tiny"` for the cell rnn, else `"scaled"`. */
  init?: Init;
  /** The seed of the weights. Default: 1. */
  seed?: number;
  /** How a text becomes words. Default: lower case, no punctuation, typography folded; for the head
   * `token`, split at white space. A tokenizer that is given folds only where it says so. */
  tokenizer?: TokenizerOptions;
  /** How often a word must occur to be in the vocabulary. Default: 1. */
  minCount?: number;
  /**
   * Word vectors that the embedding starts from; they set the embedding's size. The words that they
   * keep join the vocabulary behind those of the examples. No example has them, so that training
   * never changes their vectors, even if the embedding is not frozen.
   */
  vectors?: WordVectors;
  /**
   * A language model to take over from (Howard and Ruder 2018): its embedding and its layers, its
   * vocabulary, behind which words stand that only the examples have, and how it reads texts. Of the
   * network only the head, dropout and whether the embedding is frozen are then left to choose. The
   * option `fineTuning` of `train` says how fast each layer goes on to learn.
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
 * An untrained classifier for some examples: its vocabulary and its labels are theirs.
 *
 * @throws {InputError} Where there are fewer than two labels, or an option is out of range.
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
 * What classifiers and taggers have in common.
 *
 * @param split The labels in an example's label: one, or one for each word.
 * @param what What has a label.
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
 * What all models that read texts word by word have in common.
 *
 * @param own The `name` of the function that was called, its `tokenizer` where none is given, and its
 *   `options` besides those of every such model.
 * @param outputsOf How many numbers the network gives; it may throw, and is given what stands before
 *   a message about the examples.
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
  // Drawn for the words of the texts alone: all other weights are the same, whatever is kept.
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

/** Throws for options that a language model settles which is taken over from. */
function requireNoneBeside({ vectors, projection, tokenizer, init }: ModelOptions): void {
  const [name] =
    Object.entries({ vectors, projection, tokenizer, init }).find(([, value]) => value) ?? [];
  if (name === undefined) return;
  throw new InputError(`the pretrained model settles the ${name} too; leave it out`);
}

const ARTICLE_CELL = networkConfig({}).cell;

/** A vocabulary, and behind it the words that vectors keep. */
function withKept(ofTexts: readonly string[], vectors: WordVectors | undefined): string[] {
  const all = new Set(ofTexts);
  for (const word of vectors?.kept ?? []) if (vectors?.vectors.has(word)) all.add(word);
  return [...all];
}

/** An embedding with the vectors of known words in it; those of the texts come first. */
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

/** Why no word is known. */
function noWordsLeft(counts: ReadonlyMap<string, number>, minCount: number): string {
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  if (!first) return "the texts have no words";
  const [word, count] = first;
  return `a minimum count of ${minCount} leaves no words; the most frequent one, ${quote(word)}, ` +
    `occurs ${count === 1 ? "once" : `${count} times`}`;
}
