/**
 * Recommends models and training options for new data.
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

/** A recommended network and its training options. */
export interface Recommendation<Options = ModelOptions> {
  /** The network, for `createModel`, `createLanguageModel` or `createTranslationModel`. */
  network: Options;
  /** The training options, for `train`. */
  training: Omit<TrainOptions, "validation" | "test">;
  /** The validation split: the fraction of the examples to hold out; 0 for none. */
  validation: number;
  /**
   * For a text classifier, whether to train on the validation examples too after they chose the
   * best epoch: the option `refit` of `train`, for a model created from the examples of both parts.
   */
  refit?: boolean;
}

// With fewer examples, a validation split of a few sentences would choose by chance.
export const ENOUGH_TO_VALIDATE = 100;
export const BATCH_SIZE = 32;
/** The validation split if there are enough examples. */
export const VALIDATION = 0.15;
// More validation data measures no better, and takes long.
const MAX_VALIDATED = 20_000, MAX_VALIDATED_SYMBOLS = 1e6;
// With more examples, training on the validation examples too adds little.
const MAX_REFIT = 20_000;
// If only combinations of words matter, the loss may stay flat for the first 100 to 200 steps.
const PATIENCE_STEPS = 200, LEAST_STEPS = 3000;

/**
 * Recommends a network and training options for classification: a bidirectional GRU on an
 * embedding, wider for more examples, with max pooling, trained with Adam; from 100 examples on
 * with dropout, a validation split and early stopping. For letters, the network is wider, with less
 * dropout, and the learning rate decays to zero.
 *
 * @param unit The unit that texts are split into, see `recommendReading`. Default: `"words"`.
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

const SAMPLED = 1000; // texts whose lengths are measured

/** The median number of words in a text. */
function lengthOf(examples: Sequence<Example>): number {
  const lengthAt = symbolLengths(examples, { unit: "words" });
  const step = Math.max(1, Math.floor(examples.length / SAMPLED));
  const lengths: number[] = [];
  for (let i = 0; i < examples.length; i += step) lengths.push(lengthAt(i));
  return median(lengths);
}

const LONG = 300; // words per text
const LONG_STEPS = 1500, LONG_BATCH = 8; // small, as few texts make few steps
const RARE = 5; // the minimum count of a word: a network would memorize texts by rarer words

/** Adjusts a recommendation for long texts: small batches if there are few, and no rare words. */
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

/** Adjusts a recommendation for letters: wider, less dropout, learning rate decays to zero. */
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
      patience: Math.ceil(epochs / 2), // long: the last gains come after the rate has decayed
    },
  };
}

const STREAMS = 16, TIME_STEPS = 64; // fewer streams learn more in the same time
const LONGEST_WHOLE = 200; // symbols: gradients flow through the whole text up to this length

/**
 * Recommends a language model and training options: a layer-normalized LSTM, wider for more text,
 * trained with Adam and a learning rate that decays to zero, with early stopping.
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
  let symbols = 0, longest = 1; // including the end symbol
  for (let i = 0; i < examples.length; i++) {
    const length = lengthAt(i);
    symbols += length;
    longest = Math.max(longest, length + 1);
  }
  const isWhole = examples.length > 1 && longest <= LONGEST_WHOLE;
  const timeSteps = isWhole ? longest : Math.min(TIME_STEPS, Math.max(1, symbols >> 2));
  // Fewer streams for a short text, so that each is several chunks long.
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
    // If there are only a few texts or symbols, all are needed for training.
    validation: (examples.length > 1 ? examples.length < 20 : symbols < 20)
      ? 0
      : symbols < 2000
      ? 0.1
      : Math.min(0.05, MAX_VALIDATED_SYMBOLS / symbols),
  };
}

/**
 * Recommends a translation model and training options: a bidirectional GRU as encoder, a GRU as
 * decoder, dot-product attention, trained with Adam and a learning rate that decays to zero.
 *
 * @param unit The unit that both texts are split into. Default: `"characters"`.
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
      // Long, as the last gains come after the learning rate has decayed.
      patience: isSmall ? undefined : Math.max(5, Math.ceil(epochs / 5)),
    },
    validation: isSmall ? 0 : Math.min(0.1, 1000 / examples.length),
  };
}
