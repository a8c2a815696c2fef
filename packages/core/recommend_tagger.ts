/**
 * Recommends taggers, and the unit of a text that they label.
 *
 * @module
 */
import type { Example } from "./data/examples.ts";
import {
  BATCH_SIZE,
  ENOUGH_TO_VALIDATE,
  recommend,
  type Recommendation,
  VALIDATION,
} from "./recommend.ts";
import type { Sequence } from "./sequence.ts";
import { splitTags } from "./tagging/model.ts";
import { splitSymbols, type SymbolUnit } from "./text/symbols.ts";

const TAGGER_STEPS = 2600, TAGGED_TO_VALIDATE = 300; // 300 sentences have thousands of words

/**
 * Recommends a tagger and training options: a bidirectional LSTM on words and their letters,
 * trained with Adam; from 100 examples on with dropout and a learning rate that decays to zero.
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
export function recommendTagger(
  examples: Sequence<Example>,
  unit: SymbolUnit = "words",
): Recommendation {
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
      ...(unit === "words" && { letters: isSmall ? 32 : 48 }),
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

const MOST_COUNTED = 1000; // examples
const UNITS = ["words", "characters", "graphemes"] as const satisfies SymbolUnit[];

/**
 * Recommends the unit of a tagger: the one of which most texts have as many as labels, not counting
 * whitespace; if several fit, words before characters before graphemes.
 *
 * @param examples Some of the training examples.
 *
 * @example
 * ```ts
 * import { recommendTaggedUnit } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(recommendTaggedUnit([{ text: "去北京", label: "O B-LOC I-LOC" }]), "characters");
 * assertEquals(recommendTaggedUnit([{ text: "to Rome", label: "O B-LOC" }]), "words");
 * ```
 */
export function recommendTaggedUnit(examples: readonly Example[]): SymbolUnit {
  const fits = { words: 0, characters: 0, graphemes: 0 };
  for (const { text, label = "" } of examples.slice(0, MOST_COUNTED)) {
    const tags = splitTags(label).length;
    for (const unit of UNITS) {
      const symbols = splitSymbols(text, unit).filter((symbol) => /\S/u.test(symbol));
      if (symbols.length === tags) fits[unit]++;
    }
  }
  return UNITS.reduce((best, unit) => fits[unit] > fits[best] ? unit : best);
}
