/**
 * The options of training with their defaults filled in.
 *
 * @module
 */
import { checkOptimizer, type Clipping, type SettledOptimizer } from "./optimizer.ts";
import { InputError } from "../errors.ts";
import { checkFineTuning, type SettledFineTuning } from "./fine_tuning.ts";
import { checkSchedule, type Schedule } from "./schedule.ts";
import { requireBoolean, requireInteger, requirePositive, shown } from "../checks.ts";
/** The settings that decide what training does, all of them there. */
export interface SettledOptions {
  /** The maximum number of epochs: passes over all examples. */
  epochs: number;
  /** The batch size: how many sentences make one step. */
  batchSize: number;
  /** Truncated BPTT length, in symbols of a language model or words of a classifier, or null. */
  timeSteps: number | null;
  /** Teacher-forcing ratio: how often the decoder reads the right symbol before, from 0 to 1. */
  teacherForcing: number;
  /** The learning rate. */
  learningRate: number;
  /** The optimizer. */
  optimizer: SettledOptimizer;
  /** How the learning rate changes. */
  schedule: Schedule;
  /** The bound of each component of the gradient (clipping by value); null for none. */
  clip: number | null;
  /** The bound of the gradient's norm (clipping by norm); null for none. */
  clipNorm: number | null;
  /** What each label's losses count; null for all the same. */
  labelWeights: "balanced" | Readonly<Record<string, number>> | null;
  /** Whether each epoch takes the examples in a new order. */
  shuffle: boolean;
  /** The seed of that order and of dropout. */
  seed: number;
  /** Early-stopping patience, in epochs; null for never. */
  patience: number | null;
  /** How a network that was trained before goes on; all alike where it is missing. */
  fineTuning?: SettledFineTuning;
  /** There where training goes on over all examples, those of validation too. */
  refit?: true;
}

/**
 * Throws where a settled option is out of range.
 *
 * @throws {InputError} That names the option and its value.
 */
export function checkSettled(options: SettledOptions): void {
  const { epochs, batchSize, timeSteps, teacherForcing, learningRate, clip, clipNorm } = options;
  const { shuffle, seed, patience } = options;
  requireInteger("the number of epochs", epochs, 1);
  requireInteger("the batch size", batchSize, 1);
  if (timeSteps !== null) requireInteger("the truncated BPTT length (time steps)", timeSteps, 1);
  if (!(teacherForcing >= 0 && teacherForcing <= 1)) {
    throw new InputError(
      `the teacher-forcing ratio must be from 0 to 1, got ${shown(teacherForcing)}`,
    );
  }
  requirePositive("the learning rate", learningRate);
  if (clip !== null) requirePositive("the clip", clip);
  if (clipNorm !== null) requirePositive("the clip of the norm", clipNorm);
  requireInteger("the seed", seed, 0);
  requireBoolean("shuffle", shuffle);
  if (patience !== null) requireInteger("the patience", patience, 1);
  checkOptimizer(options.optimizer);
  checkSchedule(options.schedule);
  if (options.fineTuning !== undefined) checkFineTuning(options.fineTuning);
}

/** How gradients are kept small. */
export function clippingOf({ clip, clipNorm }: SettledOptions): Clipping {
  return { value: clip ?? Infinity, norm: clipNorm ?? Infinity };
}
