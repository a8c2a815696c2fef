/**
 * The examples of the next training step.
 *
 * @module
 */
import type { AnyModel, ExampleOf } from "../model.ts";
import { Random, STREAMS } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import { taskOf } from "../tasks.ts";
import { drawPlaces } from "../training/buckets.ts";
import type { EncodedSet } from "../training/encoded.ts";
import type { SettledOptions } from "../training/settled.ts";

/**
 * Returns the indices of the examples in a training batch, in their order. For models that are
 * trained on whole examples: those that predict labels, and those that translate.
 *
 * @param epoch The epoch, from 1.
 * @param batch The index of the batch in the epoch, from 0.
 *
 * @example
 * ```ts
 * import { createModel, nextBatch } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const options = { batchSize: 1, seed: 1 };
 * const places = [0, 1].map((batch) => nextBatch(createModel(examples), examples, options, 1, batch));
 * assertEquals(places.flat().toSorted(), [0, 1]);
 * ```
 */
export function nextBatch<M extends AnyModel>(
  model: M,
  examples: Sequence<ExampleOf<M>>,
  { batchSize, seed }: Pick<SettledOptions, "batchSize" | "seed">,
  epoch: number,
  batch: number,
): number[] {
  const encoded = taskOf(model).encode(model, examples) as EncodedSet;
  const order = new Random(seed, STREAMS.order, epoch);
  return [...drawPlaces(encoded, batchSize, order).at(batch)];
}
