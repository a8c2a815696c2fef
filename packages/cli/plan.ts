/**
 * What a run is made of: the model, its examples and its training, as the flags ask; the rest as
 * recommended.
 *
 * @module
 */
import {
  type Example,
  InputError,
  type Model,
  type Recommendation,
  type TrainOptions,
} from "@unroll/core";
import type { RunSettings } from "./train_flags.ts";

/** What a run is made of. */
export interface Plan {
  /** The model to train. */
  model: Model;
  /** What it learns. */
  examples: Example[];
  /** How. */
  training: TrainOptions;
}

/** How a task is planned. */
export interface Planner<Options> {
  /** What suits the examples. */
  advice: Recommendation<Options>;
  /** Sets a share of them aside. */
  split(share: number): { train: Example[]; held: Example[] };
  /** A fresh model. */
  create(examples: Example[], network: Options): Promise<Model> | Model;
}

/**
 * The plan of a task.
 *
 * @param known The model to go on with, where there is one.
 */
export async function makePlan<Options>(
  all: Example[],
  settings: RunSettings,
  { advice, split, create }: Planner<Options>,
  known?: Model,
): Promise<Plan> {
  const validation = settings.validation ??
    (settings.patience ? advice.validation || 0.15 : advice.validation);
  const { train, held } = validation > 0 ? split(validation) : { train: all, held: [] };
  if (settings.patience !== undefined && held.length === 0) {
    throw new InputError("--patience: needs a --validation share above 0");
  }
  const model = known ?? await create(train, advice.network);
  const given = trainingOf(settings);
  // A flag that is given sets aside what was recommended in its place.
  const { clipNorm, ...rest } = advice.training;
  const training = {
    ...rest,
    ...(given.clip === undefined ? { clipNorm } : {}),
    ...given,
    patience: held.length > 0 ? given.patience ?? rest.patience : undefined,
    validation: held,
  };
  return { model, examples: train, training };
}

/** What of some options was given. */
export function defined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

function trainingOf(settings: RunSettings): TrainOptions {
  const { optimizer, momentum, schedule } = settings;
  const weightDecay = settings["weight-decay"];
  const every = settings["schedule-every"], factor = settings["schedule-factor"];
  const warmUp = settings["warm-up"];
  const isOptimizerGiven = [optimizer, momentum, weightDecay].some((value) => value !== undefined);
  const isScheduleGiven = [schedule, every, factor, warmUp].some((value) => value !== undefined);
  const name = optimizer ?? (settings.data === undefined ? "sgd" : "adam");
  if (momentum !== undefined && name !== "sgd") {
    throw new InputError(`--momentum: is for --optimizer sgd, got ${name}`);
  }
  return defined({
    epochs: settings.epochs,
    batchSize: settings["batch-size"],
    timeSteps: settings["time-steps"],
    teacherForcing: settings["teacher-forcing"],
    learningRate: settings["learning-rate"],
    optimizer: isOptimizerGiven ? { name, momentum, weightDecay } : undefined,
    schedule: isScheduleGiven ? defined({ name: schedule, every, factor, warmUp }) : undefined,
    clip: settings.clip,
    clipNorm: settings["clip-norm"],
    labelWeights: labelWeightsOf(settings["label-weights"]),
    patience: settings.patience,
    shuffle: !settings["no-shuffle"],
    seed: settings.seed,
  });
}

function labelWeightsOf(given: string | undefined): TrainOptions["labelWeights"] {
  if (given === undefined || given === "balanced") return given;
  return Object.fromEntries(
    given.split(",").map((part) => {
      const at = part.lastIndexOf("=");
      const weight = Number(part.slice(at + 1));
      if (at > 0 && part.slice(at + 1).trim() !== "" && weight >= 0 && weight < Infinity) {
        return [part.slice(0, at).trim(), weight];
      }
      throw new InputError(
        `--label-weights: expected balanced, or such as spam=3,ham=1, got "${given}"`,
      );
    }),
  );
}
