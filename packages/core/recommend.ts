/**
 * What to begin with on data that nobody has trained on before.
 *
 * @module
 */
import type { Example } from "./data/examples.ts";
import { symbolLengths } from "./data/token_counts.ts";
import type { LanguageModelOptions } from "./language_model/model.ts";
import type { ModelOptions } from "./classification/model.ts";
import type { TranslationModelOptions } from "./translation/model.ts";
import type { Sequence } from "./sequence.ts";
import { median } from "./text/lengths.ts";
import type { SymbolUnit } from "./text/symbols.ts";
import type { TrainOptions } from "./training/options.ts";

/** A network and its training options. */
export interface Recommendation<Options = ModelOptions> {
  /** The network, for `createModel`, `createLanguageModel` or `createTranslationModel`. */
  network: Options;
  /** How to train it, for `train`. */
  training: Omit<TrainOptions, "validation" | "test">;
  /** The validation split: the fraction of the examples to set aside; 0 for none. */
  validation: number;
  /**
   * Of a classifier of texts, whether to learn the validation examples too once they have chosen the
   * best epoch: the option `refit` of `train`, for a model made for the examples of both parts.
   */
  refit?: boolean;
}

// With fewer, a validation split would be a few sentences, and choose by chance.
const ENOUGH_TO_VALIDATE = 100;
const BATCH_SIZE = 32;
/** The validation split of many examples. */
export const VALIDATION = 0.15;
// More than these measure no better, and take long.
const MAX_VALIDATED = 20_000, MAX_VALIDATED_SYMBOLS = 1e6;
// With more, the validation examples teach little that the others have not.
const MAX_REFIT = 20_000;
// Where words decide only together, the loss may stand still for the first hundred steps or two.
const PATIENCE_STEPS = 200, LEAST_STEPS = 3000;

/**
 * A network and training options that suit so many examples: a bidirectional GRU on an embedding,
 * wider for more examples, under dropout, its prediction from the maximum of its states, by Adam; from
 * a hundred examples on with validation, until nothing becomes better. For letters it is wider, under
 * less dropout, and the learning rate falls to zero.
 *
 * @param unit What texts are cut into, see `recommendReading`. Default: `"words"`.
 *
 * @example
 * ```ts
 * import { recommend } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const few = Array.from({ length: 50 }, () => ({ text: "good", label: "up" }));
 * assertEquals(recommend(few).validation, 0);
 * assertEquals(recommend([...few, ...few]).validation, 0.15);
 * ```
 */
export function recommend(
  examples: Sequence<Example>,
  unit: SymbolUnit = "words",
): Recommendation {
  const isSmall = examples.length < ENOUGH_TO_VALIDATE;
  const steps = Math.ceil(examples.length * (1 - VALIDATION) / BATCH_SIZE); // of an epoch
  const hidden = examples.length < 5000 ? 32 : examples.length < 50_000 ? 64 : 128;
  const usual: Recommendation = {
    network: {
      cell: "gru",
      hidden,
      embedding: hidden,
      bidirectional: true,
      dropout: isSmall ? 0 : 0.5,
      head: "max",
      init: "scaled",
    },
    training: {
      epochs: isSmall ? 200 : Math.max(30, Math.ceil(LEAST_STEPS / steps)),
      batchSize: isSmall ? 4 : BATCH_SIZE,
      optimizer: isSmall ? { name: "adam" } : { name: "adam", dense: true },
      learningRate: isSmall ? 0.005 : 0.002,
      clip: Infinity,
      clipNorm: 1,
      patience: isSmall ? undefined : Math.max(3, Math.ceil(PATIENCE_STEPS / steps)),
    },
    validation: isSmall ? 0 : Math.min(VALIDATION, MAX_VALIDATED / examples.length),
    refit: !isSmall && examples.length <= MAX_REFIT,
  };
  if (unit !== "words") return forLetters(usual, examples.length);
  const isLong = !isSmall && lengthOf(examples) > LONG;
  return isLong ? forLong(usual, examples.length) : usual;
}

const SAMPLED = 1000; // texts, to know how long they are

/** How many words a text has: the median. */
function lengthOf(examples: Sequence<Example>): number {
  const lengthAt = symbolLengths(examples, { unit: "words" });
  const step = Math.max(1, Math.floor(examples.length / SAMPLED));
  const lengths: number[] = [];
  for (let i = 0; i < examples.length; i += step) lengths.push(lengthAt(i));
  return median(lengths);
}

const LONG = 300; // words of a text
const LONG_STEPS = 1500, LONG_BATCH = 8; // few texts are few steps
const RARE = 5; // a word that is in fewer places: a network would learn its texts by heart by it

/** What suits long texts: small batches where they are few, and no rare words. */
function forLong({ network, training, ...rest }: Recommendation, count: number): Recommendation {
  const batchSize = count < 5000 ? LONG_BATCH : BATCH_SIZE;
  const steps = Math.ceil(count * (1 - VALIDATION) / batchSize);
  return {
    ...rest,
    network: { ...network, minCount: RARE },
    training: {
      ...training,
      batchSize,
      epochs: Math.min(60, Math.max(10, Math.ceil(LONG_STEPS / steps))),
      learningRate: batchSize < BATCH_SIZE ? 0.003 : training.learningRate,
      patience: Math.max(3, Math.ceil(PATIENCE_STEPS / steps)),
    },
  };
}

const LETTER_STEPS = 6000;

/** What suits letters: a wider network, less dropout, and a learning rate that falls to zero. */
function forLetters({ network, training, ...rest }: Recommendation, count: number): Recommendation {
  const wide: ModelOptions = {
    ...network,
    hidden: count < 2000 ? 64 : 128,
    embedding: 64,
  };
  if (count < ENOUGH_TO_VALIDATE) return { ...rest, network: wide, training };
  const steps = Math.ceil(count * (1 - VALIDATION) / BATCH_SIZE);
  const epochs = Math.min(100, Math.max(8, Math.ceil(LETTER_STEPS / steps)));
  return {
    ...rest,
    network: { ...wide, dropout: 0.3 },
    training: {
      ...training,
      epochs,
      optimizer: { name: "adam" }, // dense steps were not tried: a batch has most letters
      learningRate: 0.004,
      schedule: { name: "cosine" },
      patience: Math.ceil(epochs / 2), // long, as the last gains come when the rate has fallen
    },
  };
}

const STREAMS = 16, TIME_STEPS = 64; // fewer streams learn more in the same time
const LONGEST_WHOLE = 200; // symbols of a text through which gradients still go whole

/**
 * A language model and training options that suit texts: a layer-normalized LSTM, wider for more,
 * by Adam with a learning rate that falls to zero, until the validation loss stops improving.
 *
 * @param unit The unit that it predicts. Default: `"characters"`.
 *
 * @example
 * ```ts
 * import { recommendLanguageModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { network, training } = recommendLanguageModel([{ text: "to be ".repeat(50), label: "" }]);
 * assertEquals([network.cell, training.timeSteps], ["lnlstm", 64]);
 * ```
 */
export function recommendLanguageModel(
  examples: Sequence<Example>,
  unit: SymbolUnit = "characters",
): Recommendation<LanguageModelOptions> {
  const lengthAt = symbolLengths(examples, { unit });
  let symbols = 0, longest = 1; // with the end
  for (let i = 0; i < examples.length; i++) {
    const length = lengthAt(i);
    symbols += length;
    longest = Math.max(longest, length + 1);
  }
  const isWhole = examples.length > 1 && longest <= LONGEST_WHOLE;
  const timeSteps = isWhole ? longest : Math.min(TIME_STEPS, Math.max(1, symbols >> 2));
  // Of a short text fewer streams, so that each is some chunks long.
  const batchSize = isWhole
    ? Math.min(STREAMS, Math.max(1, examples.length >> 3))
    : Math.min(STREAMS, Math.max(1, Math.floor(symbols / (8 * timeSteps))));
  const steps = isWhole
    ? Math.ceil(examples.length / batchSize)
    : Math.ceil(symbols / (batchSize * timeSteps));
  const hidden = symbols < 20_000 ? 64 : symbols < 200_000 ? 128 : 256;
  return {
    network: { cell: "lnlstm", hidden, embedding: unit === "words" ? hidden : 0, unit },
    training: {
      epochs: Math.max(5, Math.ceil(8000 / steps)),
      batchSize,
      timeSteps,
      optimizer: { name: "adam" },
      learningRate: 0.005,
      schedule: { name: "cosine" },
      clip: Infinity,
      clipNorm: 1,
      patience: Math.max(3, Math.ceil(PATIENCE_STEPS / steps)),
    },
    // Of a few texts, or of a few symbols, none can be missed.
    validation: (examples.length > 1 ? examples.length < 20 : symbols < 20)
      ? 0
      : symbols < 2000
      ? 0.1
      : Math.min(0.05, MAX_VALIDATED_SYMBOLS / symbols),
  };
}

/**
 * A model that gives a text for a text, and training options, that suit such pairs: a GRU that
 * reads from both ends, a GRU that writes, attention, by Adam with a learning rate that falls to zero.
 *
 * @param unit What both texts are cut into. Default: `"characters"`.
 *
 * @example
 * ```ts
 * import { recommendTranslation } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { network, training } = recommendTranslation([{ text: "1+2", label: "3" }]);
 * assertEquals([network.attention, training.schedule?.name], ["dot", "cosine"]);
 * ```
 */
export function recommendTranslation(
  examples: Sequence<Example>,
  unit: SymbolUnit = "characters",
): Recommendation<TranslationModelOptions> {
  const isSmall = examples.length < ENOUGH_TO_VALIDATE;
  const batchSize = examples.length < 2000 ? Math.min(32, Math.max(1, examples.length >> 2)) : 64;
  const steps = Math.ceil(examples.length / batchSize);
  const epochs = Math.min(300, Math.max(15, Math.ceil(9000 / steps)));
  return {
    network: {
      cell: "gru",
      hidden: 128,
      embedding: unit === "words" ? 128 : 32,
      bidirectional: true,
      attention: "dot",
      unit,
    },
    training: {
      epochs,
      batchSize,
      optimizer: { name: "adam" },
      learningRate: 0.003,
      schedule: { name: "cosine" },
      clip: Infinity,
      clipNorm: 1,
      // Long, as the last gains come when the learning rate has fallen.
      patience: isSmall ? undefined : Math.max(5, Math.ceil(epochs / 5)),
    },
    validation: isSmall ? 0 : Math.min(0.1, 1000 / examples.length),
  };
}

const TAGGER_STEPS = 2600, TAGGED_TO_VALIDATE = 300; // sentences, which are thousands of words

/**
 * A tagger and training options that suit such examples: a bidirectional LSTM on words and their
 * letters, under dropout, by Adam with a learning rate that falls to zero.
 *
 * @example
 * ```ts
 * import { recommendTagger } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { network } = recommendTagger([{ text: "call ann", label: "O PERSON" }]);
 * assertEquals([network.cell, network.letters], ["lstm", 32]);
 * ```
 */
export function recommendTagger(examples: Sequence<Example>): Recommendation {
  const { training, validation } = recommend(examples);
  const isSmall = examples.length < ENOUGH_TO_VALIDATE;
  const steps = Math.ceil(examples.length * (1 - VALIDATION) / BATCH_SIZE); // of an epoch
  return {
    network: {
      cell: "lstm",
      hidden: isSmall ? 32 : 100,
      embedding: isSmall ? 32 : 64,
      bidirectional: true,
      dropout: isSmall ? 0 : 0.4,
      head: "token",
      init: "scaled",
      letters: isSmall ? 32 : 48,
    },
    training: isSmall ? training : {
      ...training,
      epochs: Math.min(40, Math.max(8, Math.ceil(TAGGER_STEPS / steps))),
      schedule: { name: "cosine" },
      patience: undefined,
    },
    validation: Math.min(validation, TAGGED_TO_VALIDATE / examples.length),
  };
}
