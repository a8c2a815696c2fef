/**
 * Where training stands: all that it needs to go on as if it had never stopped.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { EncodedExample } from "./buckets.ts";
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

/** A checksum of what examples say, by Fowler, Noll and Vo (FNV-1a, 32 bits). */
export function checksum(...sets: (readonly EncodedExample[])[]): number {
  let hash = 0x811c9dc5;
  const add = (value: number) => hash = Math.imul(hash ^ value, 0x01000193);
  for (const set of sets) {
    add(set.length);
    for (const { words, labels } of set) {
      for (const value of words) add(value);
      add(-1);
      for (const value of labels) add(value);
    }
  }
  return hash >>> 0;
}
