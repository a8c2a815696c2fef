/**
 * What suits a network that starts from word vectors.
 *
 * @module
 */
import type { ModelOptions } from "./classification/model.ts";
import type { WordVectors } from "./data/word_vectors.ts";

// Words without a vector learn nothing in a frozen embedding, so most must have one.
const ENOUGH_COVERED = 0.5;

/**
 * A network that starts from word vectors: they stay as they are, and where they are wider than its
 * embedding a projection brings them to that size. Those of a tagger are trained, and all are where
 * few words have one.
 *
 * @param network The network without them, such as `recommend` gives.
 * @param coverage The fraction of the words of the texts that have a vector, each time they occur.
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
