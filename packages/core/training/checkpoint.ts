/**
 * Where training stands: all that it needs to go on as if it had never stopped.
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
 * Where training stands. All random numbers follow from the seed and the position, so the
 * position is the generator's state too.
 */
export interface Checkpoint<M extends AnyModel = AnyModel> {
  /** The model, with the weights as they are now. */
  model: M;
  /** The weights that did best on the validation examples, where there are any. */
  best?: Weights<FloatArray>;
  /**
   * Of an ensemble whose networks are refitted, the weights that those so far had before: what is
   * measured and chosen on the validation examples needs them.
   */
  early?: Weights<FloatArray>[];
  /** What the optimizer keeps. */
  slots: Slots<FloatArray>;
  /** How far training is. */
  progress: Progress;
  /** The settings of the run. */
  options: SettledOptions;
  /** A checksum of the examples. */
  examples: number;
  /**
   * Within an epoch of a language model, each layer's states where its streams were left, by name:
   * `h_l0`, `c_l0` and so on, `[streams, hidden]`.
   */
  carriedState?: Weights<FloatArray>;
}

const PIECE = 2 ** 16; // steps of a long text that are read together

/** A checksum of what examples say, by Fowler, Noll and Vo (FNV-1a, 32 bits). */
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

/** The same, found once and where it is asked for, as it reads all examples. */
export function lazyChecksum(...sets: EncodedSet[]): () => number {
  let known: number | undefined;
  return () => known ??= checksum(...sets);
}

/** An example, in pieces where it can be read in pieces. */
function* partsOf(set: EncodedSet, i: number): Generator<EncodedExample> {
  if (!set.stepsAt) return yield set.at(i)!;
  const length = wordsAt(set, i);
  for (let from = 0; from < length; from += PIECE) {
    yield stepsAt(set, i, from, Math.min(length, from + PIECE));
  }
}
