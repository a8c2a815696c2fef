/**
 * The small network that reads the letters of a word: of prefix, suffix and case it makes numbers
 * that stand beside the word's embedding, so that an unknown word is not a blank.
 *
 * @module
 */
import { ARTICLE_NETWORK, type NetworkConfig } from "./config.ts";
import { type Weights, withoutPrefix } from "./weights.ts";

/** What stands before the names of its weights. */
export const LETTERS = "letters.";

const LETTER_EMBEDDING = 24; // an alphabet is small

/** Its configuration: a bidirectional GRU on an embedding of letters, of which the last states count. */
export function lettersConfig({ letters = 0 }: NetworkConfig): NetworkConfig {
  return {
    ...ARTICLE_NETWORK,
    cell: "gru",
    hidden: letters,
    bidirectional: true,
    embedding: LETTER_EMBEDDING,
  };
}

/** Its weights among those of a network, by its own names. */
export function lettersWeights<T>(weights: Weights<T>): Weights<T> {
  return withoutPrefix(LETTERS, weights);
}

/** How many numbers it makes of a word. */
export function lettersWidth({ letters = 0 }: NetworkConfig): number {
  return 2 * letters;
}
