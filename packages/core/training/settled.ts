/**
 * Training options with their defaults filled in.
 *
 * @module
 */
import { checkOptimizer, type Clipping, type SettledOptimizer } from "./optimizer.ts";
import { InputError } from "../errors.ts";
import { checkFineTuning, type SettledFineTuning } from "./fine_tuning.ts";
import { checkSchedule, type Schedule } from "./schedule.ts";
import { requireBoolean, requireInteger, requirePositive, shown } from "../checks.ts";
/** The options that determine a training run, all present. */
export interface SettledOptions {
  /** The maximum number of epochs: passes over all examples. */
  epochs: number;
  /** The batch size: the number of sentences per step. */
  batchSize: number;
  /** Truncated BPTT length, in symbols (language model) or words (classifier), or null. */
  timeSteps: number | null;
  /** Teacher-forcing ratio: how often the decoder reads the right previous symbol, from 0 to 1. */
  teacherForcing: number;
  /** The learning rate. */
  learningRate: number;
  /** The optimizer. */
  optimizer: SettledOptimizer;
  /** The learning rate schedule. */
  schedule: Schedule;
  /** The bound on each component of the gradient (clipping by value); null for none. */
  clip: number | null;
  /** The bound on the gradient's norm (clipping by norm); null for none. */
  clipNorm: number | null;
  /** The weight of each label's losses; null for equal weights. */
  labelWeights: "balanced" | Readonly<Record<string, number>> | null;
  /** Whether each epoch visits the examples in a new random order. */
  shuffle: boolean;
  /** The random seed of that order and of dropout. */
  seed: number;
  /** Early-stopping patience, in epochs; null for never. */
  patience: number | null;
  /** Fine-tuning of a pretrained network; missing if all weights are trained equally. */
  fineTuning?: SettledFineTuning;
  /** Present if training continues on all examples, including the validation examples. */
  refit?: true;
}

/**
 * Throws if an option is out of range.
 *
 * @throws {InputError} If an option is out of range; the message names it and its value.
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
  if (clip !== null) requirePositive("the gradient clipping value", clip);
  if (clipNorm !== null) requirePositive("the gradient clipping norm", clipNorm);
  requireInteger("the seed", seed, 0);
  requireBoolean("shuffle", shuffle);
  if (patience !== null) requireInteger("the patience", patience, 1);
  checkOptimizer(options.optimizer);
  checkSchedule(options.schedule);
  if (options.fineTuning !== undefined) checkFineTuning(options.fineTuning);
}

/** Returns how gradients are clipped. */
export function clippingOf({ clip, clipNorm }: SettledOptions): Clipping {
  return { value: clip ?? Infinity, norm: clipNorm ?? Infinity };
}
