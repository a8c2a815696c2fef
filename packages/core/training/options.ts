/**
 * The settings of training.
 *
 * @module
 */
import type { Checkpoint } from "./checkpoint.ts";
import type { Example } from "../data/examples.ts";
import { quoteSome } from "../data/records.ts";
import { InputError } from "../errors.ts";
import type { EncodedExample, Task } from "../model.ts";
import { EVERY_TASK, optionsFor } from "../model_options.ts";
import {
  checkOptimizer,
  type Clipping,
  type OptimizerOptions,
  settleOptimizer,
} from "./optimizer.ts";
import { quote } from "../printable.ts";
import { checkSchedule, type Schedule, type ScheduleOptions, settleSchedule } from "./schedule.ts";
import {
  requireBoolean,
  requireInteger,
  requireLeast,
  requireOptions,
  requirePositive,
  shown,
} from "../checks.ts";

/** Settings of `train`. The defaults are the article's. */
export interface TrainOptions {
  /** How often to go through all examples, at most. Default: 1000. */
  epochs?: number;
  /** How many sentences make one step. Default: 1. */
  batchSize?: number;
  /**
   * Of a language model, how many symbols make a piece, through which gradients go back; then
   * batchSize is the number of streams that are read side by side. Default: 50.
   */
  timeSteps?: number;
  /**
   * Of a model that translates, the share of the decoder's steps that read the right symbol before;
   * the others read the model's own. Default: 1.
   */
  teacherForcing?: number;
  /** The length of a step of gradient descent. Default: 0.02. */
  learningRate?: number;
  /** How to follow the gradient. Default: plain gradient descent. */
  optimizer?: OptimizerOptions;
  /** How the learning rate changes. Default: not at all. */
  schedule?: ScheduleOptions;
  /** Each component of the gradient is brought into [-clip, clip]. Default: 1. */
  clip?: number;
  /** The gradient is scaled so that its norm is at most this. Default: Infinity, which leaves it. */
  clipNorm?: number;
  /**
   * What each label's examples count in the loss: `"balanced"` for as much as if all labels were
   * equally frequent, or a number for each label; labels not named count 1. The loss is the weighted
   * mean over the training set, whatever the batch size, and the bounds of clipping grow and shrink
   * with what a batch weighs. Default: all count 1.
   */
  labelWeights?: "balanced" | Readonly<Record<string, number>>;
  /** Whether each epoch takes the examples in a new order. Default: true. */
  shuffle?: boolean;
  /** The seed of that order and of dropout. Default: 1. */
  seed?: number;
  /**
   * Examples to measure after each epoch and to choose by: the model keeps the weights that had
   * the least loss on them.
   */
  validation?: readonly Example[];
  /**
   * With validation, training ends after so many epochs in which the loss on it did not fall by
   * another 0.001. Default: never.
   */
  patience?: number;
  /** Examples held out of training, to measure after each epoch, and to be told of alone. */
  test?: readonly Example[];
  /** Give an event with a checkpoint after so many steps, again and again, and at each epoch's
   * end. Default: never. */
  checkpointEvery?: number;
  /** Go on from here. Examples and settings must be the same, save `epochs`. */
  resume?: Checkpoint;
  /** Once `aborted` is true, as in an `AbortSignal`, training ends after the step under way. */
  signal?: { readonly aborted: boolean };
}

/** The settings that decide what training does, all of them there. */
export interface SettledOptions {
  /** How often to go through all examples, at most. */
  epochs: number;
  /** How many sentences make one step. */
  batchSize: number;
  /** Of a language model, how many symbols make a piece; else null. */
  timeSteps: number | null;
  /** The share of the decoder's steps that read the right symbol before. */
  teacherForcing: number;
  /** The length of a step. */
  learningRate: number;
  /** How to follow the gradient. */
  optimizer: Required<OptimizerOptions>;
  /** How the learning rate changes. */
  schedule: Schedule;
  /** The bound of each component of the gradient; null for none. */
  clip: number | null;
  /** The bound of the gradient's norm; null for none. */
  clipNorm: number | null;
  /** What each label's losses count; null for all the same. */
  labelWeights: "balanced" | Readonly<Record<string, number>> | null;
  /** Whether each epoch takes the examples in a new order. */
  shuffle: boolean;
  /** The seed of that order and of dropout. */
  seed: number;
  /** After how many epochs without gain to end; null for never. */
  patience: number | null;
}

// For each option the tasks that it is for.
const TRAIN_OPTIONS: Record<keyof TrainOptions, readonly Task[]> = {
  epochs: EVERY_TASK,
  batchSize: EVERY_TASK,
  timeSteps: ["language-model"],
  teacherForcing: ["translate"],
  learningRate: EVERY_TASK,
  optimizer: EVERY_TASK,
  schedule: EVERY_TASK,
  clip: EVERY_TASK,
  clipNorm: EVERY_TASK,
  labelWeights: ["classification"],
  shuffle: EVERY_TASK,
  seed: EVERY_TASK,
  validation: EVERY_TASK,
  patience: EVERY_TASK,
  test: EVERY_TASK,
  checkpointEvery: EVERY_TASK,
  resume: EVERY_TASK,
  signal: EVERY_TASK,
};

/**
 * The settings with their defaults.
 *
 * @param task What the model is for.
 * @throws {InputError} Where one is out of range, unknown, or of another task.
 */
export function settleOptions(
  options: TrainOptions,
  task: Task = "classification",
): SettledOptions {
  const { known, others } = optionsFor(TRAIN_OPTIONS, task);
  requireOptions("train()", options, known, others);
  const { epochs = 1000, batchSize = 1, learningRate = 0.02, clip = 1, clipNorm = Infinity } =
    options;
  const { shuffle = true, seed = 1, patience = Infinity, labelWeights = null } = options;
  const { teacherForcing = 1 } = options;
  requireExamples("validation", options.validation);
  requireExamples("test", options.test);
  if (options.checkpointEvery !== undefined) {
    requireInteger("the steps between checkpoints", options.checkpointEvery, 1);
  }
  const finite = (value: number) => value === Infinity ? null : value;
  const settled: SettledOptions = {
    epochs,
    batchSize,
    timeSteps: options.timeSteps ?? null,
    teacherForcing,
    learningRate,
    optimizer: settleOptimizer(options.optimizer),
    schedule: settleSchedule(options.schedule),
    clip: finite(clip),
    clipNorm: finite(clipNorm),
    labelWeights,
    shuffle,
    seed,
    patience: finite(patience),
  };
  checkSettled(settled);
  if (patience !== Infinity && !options.validation?.length) {
    throw new InputError("the patience needs validation examples to watch; give some");
  }
  return settled;
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
  if (timeSteps !== null) requireInteger("the number of symbols in a piece", timeSteps, 1);
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
}

function requireExamples(name: string, examples: unknown): void {
  if (examples === undefined || Array.isArray(examples)) return;
  throw new InputError(
    `${name} must be a list of examples, got ${shown(examples)}; splitExamples() sets some aside`,
  );
}

/** How gradients are kept small. */
export function clippingOf({ clip, clipNorm }: SettledOptions): Clipping {
  return { value: clip ?? Infinity, norm: clipNorm ?? Infinity };
}

/**
 * What each label's losses count, by the label's id.
 *
 * @param counts How many targets have each label.
 * @throws {InputError} For a label that is not there, and a weight that is no number of at least 0.
 */
export function settleLabelWeights(
  weights: SettledOptions["labelWeights"],
  labels: readonly string[],
  counts: readonly number[],
): number[] | undefined {
  if (weights === null) return undefined;
  if (weights === "balanced") {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => total / (labels.length * Math.max(1, count)));
  }
  if (typeof weights !== "object") {
    throw new InputError(
      `the label weights must be "balanced" or a number for each label, got ${shown(weights)}`,
    );
  }
  for (const [label, weight] of Object.entries(weights)) {
    if (!labels.includes(label)) {
      throw new InputError(`there is no label ${quote(label)} to weigh`);
    }
    requireLeast(`the weight of the label ${quote(label)}`, weight, 0);
  }
  const settled = labels.map((label) => Object.hasOwn(weights, label) ? weights[label] : 1);
  if (settled.some((weight, id) => weight > 0 && counts[id] > 0)) return settled;
  throw new InputError("every label weighs 0; give one of them a weight above 0");
}

/**
 * What a target weighs on average.
 *
 * @param counts How many targets have each label.
 * @throws {InputError} Where weights are too large or too small to be added up.
 */
export function meanWeightOf(weights: readonly number[], counts: readonly number[]): number {
  let total = 0, count = 0;
  for (const [id, weight] of weights.entries()) {
    total += weight * counts[id];
    count += counts[id];
  }
  const mean = total / count;
  if (mean > 0 && mean < Infinity) return mean;
  throw new InputError(`the label weights average to ${mean}; give weights that are nearer to 1`);
}

/**
 * Throws for examples that have no loss, as each of their labels weighs 0.
 *
 * @param what What to call them.
 * @throws {InputError} With their labels.
 */
export function requireWeight(
  what: string,
  examples: readonly EncodedExample[],
  labels: readonly string[],
  weights?: readonly number[],
): void {
  if (!weights || examples.length === 0) return;
  const ids = new Set<number>();
  for (const example of examples) for (const id of example.labels) ids.add(id);
  for (const id of ids) if (weights[id] > 0) return;
  throw new InputError(
    `every label of ${what} weighs 0: ${quoteSome([...ids].map((id) => labels[id]))}; ` +
      "give one of these a weight above 0",
  );
}
