/**
 * The settings of training.
 *
 * @module
 */
import { checkSettled, type SettledOptions } from "./settled.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Example } from "../data/examples.ts";
import { type FineTuning, settleFineTuning } from "./fine_tuning.ts";
import { isSequence, type Sequence } from "../sequence.ts";
import { InputError } from "../errors.ts";
import { type OptimizerOptions, settleOptimizer } from "./optimizer.ts";
import { type ScheduleOptions, settleSchedule } from "./schedule.ts";
import { requireBoolean, requireInteger, requireOptions, shown } from "../checks.ts";

/**
 * Settings of `train`. The defaults are the article's.
 *
 * @typeParam Given What models learn from. Default: texts, with labels or without.
 */
export interface TrainOptions<Given = Example> {
  /** How often to go through all examples, at most. Default: 1000. */
  epochs?: number;
  /** How many sentences make one step. Default: 1. */
  batchSize?: number;
  /**
   * The truncated BPTT length. Of a language model, the symbols of a chunk, at whose start gradients
   * stop; then batchSize is the number of parallel streams. Default: 50. Of a classifier with the head
   * `last` in one direction, the last words of a text, through which gradients go back; those before
   * are read for their state alone. Default: all.
   */
  timeSteps?: number;
  /**
   * Of a model that translates, the teacher-forcing ratio: the fraction of the decoder's steps that
   * read the right symbol before; the others read the model's own. Default: 1.
   */
  teacherForcing?: number;
  /** The learning rate of gradient descent. Default: 0.02. */
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
   * with what a batch weighs. Where a text has any number of labels, the number is what a label weighs
   * where it is there, against 1 where it is not. Default: all count 1.
   */
  labelWeights?: "balanced" | Readonly<Record<string, number>>;
  /**
   * Fine-tuning of a network that was trained before, or of word vectors, of a model that labels texts
   * or words or gives a text a number: how fast each layer learns, and from which epoch on. Default:
   * all alike, from the first.
   */
  fineTuning?: FineTuning;
  /** Whether each epoch takes the examples in a new order. Default: true. */
  shuffle?: boolean;
  /** The seed of that order and of dropout. Default: 1. */
  seed?: number;
  /**
   * The validation split, measured after each epoch: the model keeps the weights that had the least
   * loss on it.
   */
  validation?: Sequence<Given>;
  /**
   * Early stopping: with validation, training ends after this many epochs in which the loss on it
   * did not fall by another 0.001. Default: never.
   */
  patience?: number;
  /**
   * Of a classifier of texts: once validation has chosen the best epoch, training goes on from its
   * weights over all examples, the validation examples too, for up to twice as many epochs, and no
   * more steps than were made before: accuracy grows for longer than the loss falls. The model must
   * know the labels of both. Default: false.
   */
  refit?: boolean;
  /** The test set: measured after each epoch, and used for nothing else. */
  test?: Sequence<Given>;
  /** Give an event with a checkpoint after so many steps, again and again, and at each epoch's
   * end. Default: never. */
  checkpointEvery?: number;
  /** Go on from here. Examples and settings must be the same, save `epochs`. */
  resume?: Checkpoint;
  /** Once `aborted` is true, as in an `AbortSignal`, training ends after the step under way. */
  signal?: { readonly aborted: boolean };
}

/** The options that every task knows. */
const COMMON: readonly string[] = /* @__PURE__ */ Object.keys(
  {
    epochs: true,
    batchSize: true,
    learningRate: true,
    optimizer: true,
    schedule: true,
    clip: true,
    clipNorm: true,
    shuffle: true,
    seed: true,
    validation: true,
    patience: true,
    test: true,
    checkpointEvery: true,
    resume: true,
    signal: true,
  } satisfies Record<Exclude<keyof TrainOptions, OwnTrainOption>, true>,
);

/** The options that some tasks know. */
export type OwnTrainOption =
  | "timeSteps"
  | "teacherForcing"
  | "labelWeights"
  | "fineTuning"
  | "refit";

/**
 * The settings with their defaults.
 *
 * @param own The options that the task knows besides those of every task.
 * @param others For each option of other tasks, what it is for.
 * @throws {InputError} Where one is out of range, unknown, or of another task.
 */
export function settleTrainOptions(
  options: TrainOptions<unknown>,
  own: readonly OwnTrainOption[],
  others: Readonly<Record<string, string>>,
): SettledOptions {
  requireOptions("train()", options, [...COMMON, ...own], others);
  const { epochs = 1000, batchSize = 1, learningRate = 0.02, clip = 1, clipNorm = Infinity } =
    options;
  const { shuffle = true, seed = 1, patience = Infinity, labelWeights = null } = options;
  const { teacherForcing = 1, refit = false } = options;
  requireBoolean("refit", refit);
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
    ...(options.fineTuning && { fineTuning: settleFineTuning(options.fineTuning) }),
    ...(refit ? { refit } : {}),
  };
  checkSettled(settled);
  if (patience !== Infinity && !options.validation?.length) {
    throw new InputError("the patience needs validation examples to watch; give some");
  }
  if (refit && !options.validation?.length) {
    throw new InputError("the refit needs validation examples to choose the epoch by; give some");
  }
  return settled;
}

function requireExamples(name: string, examples: unknown): void {
  if (examples === undefined || Array.isArray(examples) || isSequence(examples)) return;
  throw new InputError(
    `${name} must be a list of examples, got ${shown(examples)}; splitExamples() sets some aside`,
  );
}
