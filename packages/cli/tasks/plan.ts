/**
 * Plans a run: the model, its examples and its training, from the flags and recommended settings.
 *
 * @module
 */
import {
  ARTICLE_NETWORK,
  type Backend,
  type Dataset,
  type EnsembleOptions,
  type Example,
  type ExampleOf,
  InputError,
  type Model,
  quote,
  type Recommendation,
  type Sequence,
  settleOptions,
  train,
  trainEnsemble,
  type TrainEvent,
  type TrainOptions,
} from "@unroll/core";
import { breathe } from "../run/reading.ts";
import type { RunSettings, SIZES } from "../flags/run_flags.ts";
import type { FigureTable } from "../output/report_data.ts";
import type { Output } from "../output/train_report.ts";

/** Examples, as arrays or packed. */
export type Examples = Dataset | Example[];

/** The examples that a task opens; texts may be packed. */
export type SetOf<Given> = Given extends Example ? Examples : Sequence<Given>;

/** A planned run. */
export interface Plan<M extends Model = Model, Given = Example> {
  /** The model to train. */
  model: M;
  /** The training examples. */
  examples: Sequence<Given>;
  /** The training options. */
  training: TrainOptions<Given>;
  /** The networks to train, for an ensemble. */
  ensemble?: EnsembleOptions<M>;
  /** What to print about the preparation. */
  notes?: Output;
  /** The test set, if it was split from the given examples. */
  test?: Sequence<Given>;
  /** Finishes the trained model once it is saved; then it is saved again. */
  finish?: (backend: Backend, signal: AbortSignal) => AsyncGenerator<void, Output>;
  /**
   * Fits parts of the model to all examples, including the validation examples: after evaluation on
   * these, or right away if there is a test set. Then the model is saved again.
   */
  complete?: (backend: Backend) => Promise<void>;
  /** Further evaluation by separate training runs, once the model is saved. */
  review?: Review;
}

/** Evaluates by further training runs: yields output to print, and returns tables for the page. */
export type Review = (backend: Backend) => AsyncGenerator<Output, FigureTable[]>;

/** Starts the training of a plan: one network, or all networks of an ensemble. */
export function startTraining<M extends Model>(
  backend: Backend,
  { model, examples, training, ensemble }: Pick<
    Plan<M, ExampleOf<M>>,
    "model" | "examples" | "training" | "ensemble"
  >,
): AsyncGenerator<TrainEvent<M>, void, void> {
  return ensemble
    ? trainEnsemble(backend, model, examples, { ...training, ...ensemble })
    : train(backend, model, examples, training);
}

// The factor of the recommended hidden size for each --size.
const SIZE_FACTORS: Record<typeof SIZES[number], number> = { small: 0.5, medium: 1, large: 2 };

/**
 * Returns the settings with the hidden size that `--size` stands for.
 *
 * @param network The recommended network; its hidden size defaults to the article's.
 * @throws {InputError} If both --size and --hidden are given.
 */
export function sizedSettings(
  settings: RunSettings,
  { hidden = ARTICLE_NETWORK.hidden }: { hidden?: number },
): RunSettings {
  const { size } = settings;
  if (size === undefined) return settings;
  if (settings.hidden !== undefined) {
    throw new InputError("--size: stands for a hidden size; leave out --size or --hidden");
  }
  return { ...settings, hidden: Math.max(1, Math.round(hidden * SIZE_FACTORS[size])) };
}

/** How to plan a task of texts. */
export interface Planner<M extends Model, Options> {
  /** The recommended settings. */
  advice: Recommendation<Options>;
  /** Holds out a fraction of the examples for validation. */
  split(fraction: number): { train: Examples; validation: Examples };
  /** Creates an untrained model, with the initial weights of `seed` if given. */
  create(examples: Examples, network: Options, seed?: number): Promise<M> | M;
  /** Whether a refit on all examples may follow, once the best epoch is known. */
  refits?: boolean;
}

/**
 * Plans a run of a task of texts.
 *
 * @param known The model to continue, if any.
 */
export async function makePlan<M extends Model, Options>(
  all: Examples,
  settings: RunSettings,
  { advice, split, create, refits }: Planner<M, Options>,
  known?: M,
): Promise<Plan<M>> {
  const fraction = validationFraction(settings, advice);
  const { train, validation } = fraction > 0 ? split(fraction) : { train: all, validation: [] };
  const training = trainingWith<Example>(settings, advice, validation);
  const refit = refits && advice.refit && !settings["no-refit"] && validation.length > 0;
  await breathe(); // with many examples, each part takes seconds
  // The vocabulary includes the examples of the refit from the start.
  const createWith = (seed?: number) => create(refit ? all : train, advice.network, seed);
  const model = known ?? await createWith();
  await breathe();
  const { ensemble: networks = 1 } = settings;
  return {
    model,
    examples: train,
    training: refit ? { ...training, refit } : training,
    ...(networks > 1 ? { ensemble: { networks, create: createWith } } : {}),
  };
}

/** The validation split if none is recommended but --patience is given. */
export const VALIDATION = 0.15;

type Advised = Pick<Recommendation, "training" | "validation">;

/** Returns the validation split: the fraction of the examples to hold out. */
export function validationFraction(settings: RunSettings, advice: Advised): number {
  return settings.validation ??
    (advice.validation || (settings.patience ? VALIDATION : 0));
}

/** Returns the training options, from the flags and the recommendation. */
export function trainingWith<Given>(
  settings: RunSettings,
  advice: Advised,
  validation: Sequence<Given>,
): TrainOptions<Given> {
  if (settings.patience !== undefined && validation.length === 0) {
    throw new InputError("--patience: needs a --validation split above 0");
  }
  const given = trainingOf(settings, advice.training);
  return {
    ...advice.training,
    ...given,
    patience: validation.length > 0 ? given.patience ?? advice.training.patience : undefined,
    validation,
  } as TrainOptions<Given>;
}

/** Returns the html option of a model that predicts units. */
export function htmlOf(settings: RunSettings): { html?: "strip" } {
  return settings["strip-html"] ? { html: "strip" } : {};
}

/** Returns the options that are defined. */
export function omitUndefined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

/** Returns the training options of the flags: each flag changes only its own setting. */
function trainingOf(settings: RunSettings, advice: TrainOptions): TrainOptions {
  const every = settings["schedule-every"], factor = settings["schedule-factor"];
  const { momentum } = settings;
  const optimizer = {
    ...advice.optimizer,
    ...omitUndefined({ name: settings.optimizer, momentum, weightDecay: settings["weight-decay"] }),
  };
  if (settings.sparse) delete optimizer.dense;
  const schedule = {
    ...advice.schedule,
    ...omitUndefined({ name: settings.schedule, every, factor, warmUp: settings["warm-up"] }),
  };
  const { optimizer: { name: follows }, schedule: { name: changes } } = settleOptions({
    optimizer: { name: optimizer.name },
    schedule: { name: schedule.name },
  });
  if (momentum !== undefined && follows !== "sgd") {
    throw new InputError(`--momentum: is for --optimizer sgd, got ${follows}`);
  }
  for (const [flag, value] of Object.entries({ every, factor })) {
    if (value === undefined || changes === "step" || changes === "plateau") continue;
    throw new InputError(`--schedule-${flag}: is for --schedule step or plateau, got ${changes}`);
  }
  return omitUndefined({
    epochs: settings.epochs,
    batchSize: settings["batch-size"],
    timeSteps: settings["time-steps"],
    teacherForcing: settings["teacher-forcing"],
    learningRate: settings["learning-rate"],
    optimizer,
    schedule,
    clip: boundOf(settings.clip),
    clipNorm: boundOf(settings["clip-norm"]),
    labelWeights: labelWeightsOf(settings["label-weights"]),
    patience: settings.patience,
    fineTuning: fineTuningOf(settings),
    shuffle: !settings["no-shuffle"],
    seed: settings.seed,
  });
}

/** Returns the options of fine-tuning; undefined if no flag sets one. */
function fineTuningOf(
  {
    "layer-decay": layerDecay,
    "unfreeze-every": unfreezeEvery,
    "thaw-vectors": thawEmbedding,
  }: RunSettings,
): TrainOptions["fineTuning"] {
  const given = omitUndefined({ layerDecay, unfreezeEvery, thawEmbedding });
  return Object.keys(given).length > 0 ? given : undefined;
}

function boundOf(given: RunSettings["clip"]): number | undefined {
  return given === "none" ? Infinity : given;
}

function labelWeightsOf(given: string | undefined): TrainOptions["labelWeights"] {
  if (given === undefined || given === "balanced") return given;
  const weights = new Map<string, number>();
  for (const part of given.split(",")) {
    const [, name = "", number = ""] = /^(.*)=(.*)$/s.exec(part) ?? [];
    const label = name.trim();
    if (label === "" || !/^ *(\d+\.?\d*|\.\d+)(e[-+]?\d+)? *$/i.test(number)) {
      throw new InputError(
        `--label-weights: expected balanced, or a list such as spam=3,ham=1, got ${quote(given)}`,
      );
    }
    if (weights.has(label)) {
      throw new InputError(`--label-weights: weighs ${quote(label)} twice; name it once`);
    }
    weights.set(label, Number(number));
  }
  return Object.fromEntries(weights);
}
