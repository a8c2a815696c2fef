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
import type { SettledOptions } from "./train_options.ts";

/** How far training is. Plain numbers, so that they survive a file. */
export interface Progress {
  /** The epoch under way, from 1. */
  epoch: number;
  /** How many of its batches are done. */
  batches: number;
  /** How many steps were made in all. */
  steps: number;
  /** The losses of this epoch's targets so far, each times its weight, summed. */
  loss: number;
  /** The sum of those weights. */
  weight: number;
  /** How many of those targets it got right. */
  right: number;
  /** How many there were. */
  targets: number;
  /** How often the schedule `plateau` has cut the learning rate. */
  cuts: number;
  /** The epochs without a gain since the last cut or gain, as the schedule counts them. */
  sinceCut: number;
  /** The best watched loss: on the validation examples, else on the training examples. */
  bestLoss: number | null;
  /** The epoch that had it; 0 for none. */
  bestEpoch: number;
  /** The watched loss at the last gain: where it was notably better than at the gain before. */
  gainLoss: number | null;
  /** The epoch of the last gain; 0 for none. */
  gainEpoch: number;
}

/** Where a run begins. */
export function startProgress(): Progress {
  return {
    epoch: 1,
    batches: 0,
    steps: 0,
    loss: 0,
    weight: 0,
    right: 0,
    targets: 0,
    cuts: 0,
    sinceCut: 0,
    bestLoss: null,
    bestEpoch: 0,
    gainLoss: null,
    gainEpoch: 0,
  };
}

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
      `${name} is ${JSON.stringify(value)}, but was ${JSON.stringify(before)} in the ` +
        "checkpoint; give the same, or start afresh",
    );
  }
}
