/**
 * What to begin with on data that nobody has trained on before.
 *
 * @module
 */
import type { Example } from "./data/examples.ts";
import type { ModelOptions } from "./model.ts";
import type { TrainOptions } from "./train_options.ts";

/** A network and a way to train it. */
export interface Recommendation {
  /** The network, for `createModel`. */
  network: ModelOptions;
  /** How to train it, for `train`. */
  training: TrainOptions;
  /** The share of the examples to set aside for validation; 0 for none. */
  validation: number;
}

// With fewer, a validation share would be a few sentences, and choose by chance.
const ENOUGH_TO_VALIDATE = 100;
const VALIDATION = 0.15, BATCH_SIZE = 32;
// Where words decide only together, the loss may stand still for the first hundred steps or two.
const PATIENCE_STEPS = 200, LEAST_STEPS = 3000;

/**
 * A network and a way to train it that suit so many examples: a bidirectional GRU on an embedding,
 * wider for more examples, under dropout, its verdict from the maximum of its states, by Adam; from
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
export function recommend(examples: readonly Example[]): Recommendation {
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
    validation: isSmall ? 0 : VALIDATION,
  };
}
