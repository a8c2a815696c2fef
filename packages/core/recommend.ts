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
}

// With fewer, a validation split would be a few sentences, and choose by chance.
const ENOUGH_TO_VALIDATE = 100;
const BATCH_SIZE = 32;
/** The validation split of many examples. */
export const VALIDATION = 0.15;
// More than these measure no better, and take long.
const MAX_VALIDATED = 20_000, MAX_VALIDATED_SYMBOLS = 1e6;
// Where words decide only together, the loss may stand still for the first hundred steps or two.
const PATIENCE_STEPS = 200, LEAST_STEPS = 3000;

/**
 * A network and training options that suit so many examples: a bidirectional GRU on an embedding,
 * wider for more examples, under dropout, its prediction from the maximum of its states, by Adam; from
 * a hundred examples on with validation, until nothing becomes better.
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
export function recommend(examples: Sequence<Example>): Recommendation {
  const isSmall = examples.length < ENOUGH_TO_VALIDATE;
  const steps = Math.ceil(examples.length * (1 - VALIDATION) / BATCH_SIZE); // of an epoch
  const hidden = examples.length < 5000 ? 32 : examples.length < 50_000 ? 64 : 128;
  return {
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
      optimizer: { name: "adam" },
      learningRate: isSmall ? 0.005 : 0.002,
      clip: Infinity,
      clipNorm: 1,
      patience: isSmall ? undefined : Math.max(3, Math.ceil(PATIENCE_STEPS / steps)),
    },
    validation: isSmall ? 0 : Math.min(VALIDATION, MAX_VALIDATED / examples.length),
  };
}

const STREAMS = 16, TIME_STEPS = 64; // fewer streams learn more in the same time
const LONGEST_WHOLE = 200; // symbols of a text through which gradients still go whole

/**
 * A language model and training options that suit such texts: an LSTM, wider for more of them, by
 * Adam with a learning rate that falls to zero, until the validation loss stops improving.
 *
 * @param unit The unit that it predicts. Default: `"characters"`.
 *
 * @example
 * ```ts
 * import { recommendLanguageModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { network, training } = recommendLanguageModel([{ text: "to be ".repeat(50), label: "" }]);
 * assertEquals([network.cell, training.timeSteps], ["lstm", 64]);
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
    network: { cell: "lstm", hidden, embedding: unit === "words" ? hidden : 0, unit },
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
