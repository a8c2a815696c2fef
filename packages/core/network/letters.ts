/**
 * The small network that reads a word's letters: from prefix, suffix and case it computes states
 * that are concatenated with the word's embedding, so that unknown words carry information too.
 *
 * @module
 */
import { ARTICLE_NETWORK, type NetworkConfig } from "./config.ts";
import { type Weights, withoutPrefix } from "./weights.ts";

/** The prefix of the names of its weights. */
export const LETTERS = "letters.";

const LETTER_EMBEDDING = 24; // an alphabet is small

/** Returns its configuration: a bidirectional GRU on embedded letters, with the head `last`. */
export function lettersConfig({ letters = 0 }: NetworkConfig): NetworkConfig {
  return {
    ...ARTICLE_NETWORK,
    cell: "gru",
    hidden: letters,
    bidirectional: true,
    embedding: LETTER_EMBEDDING,
  };
}

/** Returns its weights among those of a network, under their own names. */
export function lettersWeights<T>(weights: Weights<T>): Weights<T> {
  return withoutPrefix(LETTERS, weights);
}

/** Returns the number of values that it computes for a word. */
export function lettersWidth({ letters = 0 }: NetworkConfig): number {
  return 2 * letters;
}
