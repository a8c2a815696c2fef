/**
 * Where training stands: all that it needs to go on as if it had never stopped.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { checkNumbers, checkTraining } from "./checkpoint_check.ts";
import { InputError } from "../errors.ts";
import type { EncodedExample, Model } from "../model.ts";
import type { Weights } from "../network/config.ts";
import type { Slots } from "./optimizer.ts";
import type { Progress } from "./progress.ts";
import { type Difference, firstDifference, isRecord, shown } from "./same.ts";
import type { SettledOptions } from "./options.ts";

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
 * @throws {InputError} Where the network, the examples or settings are others than the checkpoint's,
 *   or it is damaged.
 */
export function checkResume(
  checkpoint: Checkpoint,
  model: Model,
  options: SettledOptions,
  examples: number,
): void {
  const fail = (problem: string): never => {
    throw new InputError(`the checkpoint ${problem}`);
  };
  if (!isRecord(checkpoint) || !isRecord(checkpoint.model)) {
    return fail("is damaged: it has no model");
  }
  const network = firstDifference(networkOf(model), networkOf(checkpoint.model), "");
  if (network) refuse(network);
  checkTraining(checkpoint, fail);
  checkNumbers(checkpoint, fail);
  if (checkpoint.examples !== examples) {
    throw new InputError(
      "the examples are not those of the checkpoint; give the same, or start over",
    );
  }
  const { epochs: _, ...settings } = options; // there may be more epochs
  const { epochs: __, ...before } = checkpoint.options;
  const setting = firstDifference(settings, before, "");
  if (setting) refuse(setting);
}

function refuse({ path, first, second }: Difference): never {
  throw new InputError(
    `${path} is ${shown(first)}, but was ${shown(second)} in the checkpoint; ` +
      "give the same, or start over",
  );
}

/** Everything of a model but its weights. */
function networkOf({ task, unit, attention, config, tokenizer, vocabulary, labels }: Model) {
  return {
    task: task ?? "classification",
    unit,
    attention,
    ...config,
    tokenizer,
    vocabulary,
    labels,
  };
}

/**
 * Throws unless as many steps were made as the epochs have batches.
 *
 * @throws {InputError} With both numbers.
 */
export function checkPosition({ epoch, batches, steps }: Progress, perEpoch: number): void {
  const expected = (epoch - 1) * perEpoch + batches;
  if (batches <= perEpoch && steps === expected) return;
  throw new InputError(
    `the checkpoint is damaged: its progress has ${steps} steps and ${batches} batches, and ` +
      `epoch ${epoch} has ${perEpoch} batches`,
  );
}
