/**
 * What a run is made of: the model, its examples and its training, as the flags ask; the rest as
 * recommended.
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

/** What files hold for a task: texts may be packed. */
export type SetOf<Given> = Given extends Example ? Examples : Sequence<Given>;

/** What a run is made of. */
export interface Plan<M extends Model = Model, Given = Example> {
  /** The model to train. */
  model: M;
  /** What it learns. */
  examples: Sequence<Given>;
  /** How. */
  training: TrainOptions<Given>;
  /** The networks to train, where there are several. */
  ensemble?: EnsembleOptions<M>;
  /** What to print of what was read for it. */
  notes?: Output;
  /** What to test on, where that is a part of what was given to learn. */
  test?: Sequence<Given>;
  /** What is done with the trained model once it is saved; then it is saved again. */
  finish?: (backend: Backend, signal: AbortSignal) => AsyncGenerator<void, Output>;
  /**
   * What else the model learns of all examples, the validation examples too: once it is measured on
   * these, or right away where there are others to test with; then it is saved again.
   */
  complete?: (backend: Backend) => Promise<void>;
  /** What else to measure once the model is saved, by trainings of their own. */
  review?: Review;
}

/** Measures by further trainings: gives what to print as it comes, and tables for the page. */
export type Review = (backend: Backend) => AsyncGenerator<Output, FigureTable[]>;

/** Trains as a plan says: one network, or the several of an ensemble. */
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

// What --size multiplies the advised hidden size by.
const SIZE_FACTORS: Record<typeof SIZES[number], number> = { small: 0.5, medium: 1, large: 2 };

/**
 * The settings with the hidden size that `--size` stands for.
 *
 * @param advised The network that suits the examples; that of the article where it says nothing.
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

/** How a task of texts is planned. */
export interface Planner<M extends Model, Options> {
  /** What suits the examples. */
  advice: Recommendation<Options>;
  /** Sets a fraction of them aside. */
  split(fraction: number): { train: Examples; validation: Examples };
  /** An untrained model; where a seed is given, with the first weights of that. */
  create(examples: Examples, network: Options, seed?: number): Promise<M> | M;
  /** Whether it may learn the validation examples too, once they have chosen the best epoch. */
  refits?: boolean;
}

/**
 * The plan of a task of texts.
 *
 * @param known The model to go on with, where there is one.
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
  await breathe(); // each part takes seconds of many examples
  // What is learned in the end is known from the beginning.
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

/** The fraction to choose the best epoch by, where none is advised and patience is asked for. */
export const VALIDATION = 0.15;

type Advised = Pick<Recommendation, "training" | "validation">;

/** The fraction of the examples to choose the best epoch by. */
export function validationFraction(settings: RunSettings, advice: Advised): number {
  return settings.validation ??
    (advice.validation || (settings.patience ? VALIDATION : 0));
}

/** How to train, as the flags ask and as advised. */
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

/** How a model that predicts symbols reads HTML, as the flags ask. */
export function htmlOf(settings: RunSettings): { html?: "strip" } {
  return settings["strip-html"] ? { html: "strip" } : {};
}

/** The options that were given. */
export function omitUndefined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

/** How the flags ask to train: each changes its setting alone, and the others stay as advised. */
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

/** How a network, or an embedding, that was trained before goes on; undefined where no flag says so. */
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
        `--label-weights: expected balanced, or such as spam=3,ham=1, got ${quote(given)}`,
      );
    }
    if (weights.has(label)) {
      throw new InputError(`--label-weights: weighs ${quote(label)} twice; name it once`);
    }
    weights.set(label, Number(number));
  }
  return Object.fromEntries(weights);
}
