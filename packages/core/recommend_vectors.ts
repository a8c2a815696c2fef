/**
 * Recommends options for a network that starts from word vectors.
 *
 * @module
 */
import type { ModelOptions } from "./classification/model.ts";
import type { WordVectors } from "./data/word_vectors.ts";

// Words without a vector never train in a frozen embedding, so most words must have one.
const ENOUGH_COVERED = 0.5;

/**
 * Recommends a network that starts from word vectors. The vectors are frozen, except in a tagger or
 * if fewer than half of the words have one; if they are wider than the embedding size, a projection
 * reduces them to it.
 *
 * @param network The network without word vectors, such as the one from `recommend`.
 * @param coverage The fraction of the words in the texts, counted with repetitions, that have a
 *   vector.
 *
 * @example
 * ```ts
 * import { recommendVectors } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const vectors = { dimensions: 2, vectors: new Map([["good", Float32Array.of(0.5, 1)]]) };
 * const network = recommendVectors({ cell: "gru", embedding: 1 }, vectors, 0.9);
 * assertEquals(network, { cell: "gru", frozen: true, projection: 1, vectors });
 * ```
 */
export function recommendVectors(
  { embedding = 0, ...network }: ModelOptions,
  vectors: WordVectors,
  coverage: number,
): ModelOptions {
  return {
    ...network,
    frozen: coverage >= ENOUGH_COVERED && network.head !== "token",
    ...(embedding > 0 && embedding < vectors.dimensions ? { projection: embedding } : {}),
    vectors,
  };
}
