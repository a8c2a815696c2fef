/**
 * The options of training.
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
 * Options of `train`. The defaults are the article's.
 *
 * @typeParam Given The examples that models are trained on. Default: texts, with or without labels.
 */
export interface TrainOptions<Given = Example> {
  /** The maximum number of epochs: passes over all examples. Default: 1000. */
  epochs?: number;
  /** The batch size: the number of sentences per step. Default: 1. */
  batchSize?: number;
  /**
   * The truncated BPTT length. For a language model, the number of symbols in a chunk, at whose
   * start gradients stop; batchSize is then the number of parallel streams. Default: 50. For a
   * classifier with the head `last` in one direction, the number of words at the end of a text
   * through which gradients flow back; earlier words are read only for their hidden state. Default:
   * all.
   */
  timeSteps?: number;
  /**
   * For a translation model, the teacher-forcing ratio: the fraction of decoder steps that read the
   * right previous symbol; the others read the model's own prediction. Default: 1.
   */
  teacherForcing?: number;
  /** The learning rate. Default: 0.02. */
  learningRate?: number;
  /** The optimizer. Default: plain gradient descent. */
  optimizer?: OptimizerOptions;
  /** The learning rate schedule. Default: constant. */
  schedule?: ScheduleOptions;
  /** Clips each component of the gradient to [-clip, clip] (clipping by value). Default: 1. */
  clip?: number;
  /** Scales the gradient to a norm of at most this (clipping by norm). Default: Infinity, none. */
  clipNorm?: number;
  /**
   * The weight of each label's examples in the loss: `"balanced"` weighs them as if all labels were
   * equally frequent; otherwise a number for each label, and 1 for labels that are not named. The
   * loss is the weighted mean over the training set, whatever the batch size, and clipping bounds
   * scale with the weight of a batch. For multi-label models, the number is the weight of a label
   * where it is present, relative to 1 where it is absent. Default: 1 for all.
   */
  labelWeights?: "balanced" | Readonly<Record<string, number>>;
  /**
   * Fine-tuning of a pretrained network or word vectors, for a model that labels texts or words or
   * predicts a number for a text: each layer's learning rate, and the epoch when it is unfrozen.
   * Default: all layers equally, from the first epoch.
   */
  fineTuning?: FineTuning;
  /** Whether each epoch visits the examples in a new random order. Default: true. */
  shuffle?: boolean;
  /** The random seed of that order and of dropout. Default: 1. */
  seed?: number;
  /**
   * The validation examples, measured after each epoch: the model keeps the weights with the lowest
   * loss on them.
   */
  validation?: Sequence<Given>;
  /**
   * Early-stopping patience: training ends after this many epochs in which the validation loss did
   * not fall by another 0.001. Default: never.
   */
  patience?: number;
  /**
   * For a text classifier: after validation has chosen the best epoch, training continues from its
   * weights on all examples, including the validation examples, for up to twice as many epochs, but
   * no more steps than before, as accuracy grows for longer than the loss falls. The model must
   * know the labels of both. Default: false.
   */
  refit?: boolean;
  /** The test set: measured after each epoch, and used for nothing else. */
  test?: Sequence<Given>;
  /** Emit a checkpoint event every time this many steps are done, and at the end of each epoch.
   * Default: never. */
  checkpointEvery?: number;
  /** The checkpoint to resume from. Examples and options must be the same, except `epochs`. */
  resume?: Checkpoint;
  /** Ends training after the current step once `aborted` is true, as in an `AbortSignal`. */
  signal?: { readonly aborted: boolean };
}

/** The options that every task has. */
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

/** The options that only some tasks have. */
export type OwnTrainOption =
  | "timeSteps"
  | "teacherForcing"
  | "labelWeights"
  | "fineTuning"
  | "refit";

/**
 * Fills in the defaults of training options.
 *
 * @param own The options that the task has besides those of every task.
 * @param others For each option of other tasks, the models that have it.
 * @throws {InputError} If an option is out of range, unknown, or belongs to another task.
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
    throw new InputError("early-stopping patience needs validation examples; provide some");
  }
  if (refit && !options.validation?.length) {
    throw new InputError("refit needs validation examples to choose the best epoch; provide some");
  }
  return settled;
}

function requireExamples(name: string, examples: unknown): void {
  if (examples === undefined || Array.isArray(examples) || isSequence(examples)) return;
  throw new InputError(
    `${name} must be a list of examples, got ${shown(examples)}; splitExamples() holds some out`,
  );
}
