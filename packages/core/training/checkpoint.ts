/**
 * Checkpoints: everything that training needs to resume as if it had never stopped.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { type EncodedExample, type EncodedSet, stepsAt, wordsAt } from "./encoded.ts";
import type { AnyModel } from "../model.ts";
import type { Weights } from "../network/weights.ts";
import type { Slots } from "./optimizer.ts";
import type { Progress } from "./progress.ts";
import type { SettledOptions } from "./settled.ts";

/**
 * The state of a training run. All random numbers follow from the seed and the position in the run,
 * so there is no separate generator state.
 */
export interface Checkpoint<M extends AnyModel = AnyModel> {
  /** The model, with its current weights. */
  model: M;
  /** The weights with the lowest validation loss, if there are validation examples. */
  best?: Weights<FloatArray>;
  /**
   * For an ensemble with a refit, the weights that the networks so far had before their refit:
   * measurements and choices on the validation examples use these.
   */
  early?: Weights<FloatArray>[];
  /** The optimizer state. */
  slots: Slots<FloatArray>;
  /** The progress of the run. */
  progress: Progress;
  /** The options of the run. */
  options: SettledOptions;
  /** A checksum of the examples. */
  examples: number;
  /**
   * Within an epoch of a language model, each layer's states at the current position of the
   * streams, by name: `h_l0`, `c_l0` and so on, `[streams, hidden]`.
   */
  carriedState?: Weights<FloatArray>;
}

const PIECE = 2 ** 16; // time steps of a long text read at once

/** Computes a checksum of the ids in examples, by Fowler, Noll and Vo (FNV-1a, 32 bits). */
export function checksum(...sets: EncodedSet[]): number {
  let hash = 0x811c9dc5;
  const add = (value: number) => hash = Math.imul(hash ^ value, 0x01000193);
  for (const set of sets) {
    add(set.length);
    for (let i = 0; i < set.length; i++) {
      for (const { words } of partsOf(set, i)) words.forEach(add);
      add(-1);
      for (const { labels } of partsOf(set, i)) labels.forEach(add);
    }
  }
  return hash >>> 0;
}

/** Like {@linkcode checksum}, but computed on the first call only, as it reads all examples. */
export function lazyChecksum(...sets: EncodedSet[]): () => number {
  let known: number | undefined;
  return () => known ??= checksum(...sets);
}

/** Yields an example, in chunks if its time steps can be read separately. */
function* partsOf(set: EncodedSet, i: number): Generator<EncodedExample> {
  if (!set.stepsAt) return yield set.at(i)!;
  const length = wordsAt(set, i);
  for (let from = 0; from < length; from += PIECE) {
    yield stepsAt(set, i, from, Math.min(length, from + PIECE));
  }
}
