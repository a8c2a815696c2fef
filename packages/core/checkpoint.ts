/**
 * Where training stands: all that it needs to go on as if it had never stopped.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import { InputError } from "./errors.ts";
import type { EncodedExample, Model } from "./model.ts";
import type { Weights } from "./network_config.ts";
import type { Slots } from "./optimizer.ts";
import { printable } from "./printable.ts";
import type { Progress } from "./progress.ts";
import type { SettledOptions } from "./train_options.ts";

/**
 * Where training stands. All random numbers follow from the seed and the position, so the
 * position is the generator's state too.
 */
export interface Checkpoint {
  /** The model, with the weights as they are now. */
  model: Model;
  /** The weights that did best on the validation examples, where there are any. */
  best?: Weights<FloatArray>;
  /** What the optimiser keeps. */
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
  carried?: Weights<FloatArray>;
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

/**
 * Throws unless a run can go on from a checkpoint.
 *
 * @throws {InputError} Where examples or settings are others than the checkpoint's.
 */
export function checkResume(
  checkpoint: Checkpoint,
  options: SettledOptions,
  examples: number,
): void {
  if (checkpoint.examples !== examples) {
    throw new InputError(
      "the examples are not those of the checkpoint; give the same, or start afresh",
    );
  }
  for (const [name, value] of Object.entries(options)) {
    const before = checkpoint.options[name as keyof SettledOptions];
    if (name === "epochs" || JSON.stringify(before) === JSON.stringify(value)) continue;
    throw new InputError(
      `${name} is ${shownJson(value)}, but was ${shownJson(before)} in the ` +
        "checkpoint; give the same, or start afresh",
    );
  }
}

/** A setting for an error message. */
function shownJson(value: unknown): string {
  return printable(JSON.stringify(value) ?? "undefined", 60);
}
