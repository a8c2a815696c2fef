/**
 * The flags of the train command, and the network and the training that they ask for.
 *
 * @module
 */
import {
  createModel,
  type Example,
  InputError,
  type Model,
  type ModelOptions,
  recommend,
  splitExamples,
  tokenize,
  type TrainOptions,
} from "@unroll/core";
import { BACKEND_FLAGS } from "./backends.ts";
import { COLUMN_FLAGS, loadModel, loadVectors } from "./files.ts";
import { choice, integer, positive, share, text, toggle } from "./flags.ts";

const NETWORK_FLAGS = {
  "cell": choice(["rnn", "lstm", "gru"], "the kind of cell (default: gru)", undefined),
  "activation": choice(["tanh", "relu"], "what makes h in an rnn (default: tanh)", undefined),
  "hidden": integer("how many numbers a state has (default: 32 and more)", undefined, 1),
  "layers": integer("how many layers stand upon each other (default: 1)", undefined, 1),
  "bidirectional": choice(
    ["yes", "no"],
    "whether a second cell reads from the end (default: yes)",
    undefined,
  ),
  "dropout": share("the share zeroed between layers in training (default: 0.5)", undefined),
  "embedding": integer("numbers for a word; 0: one-hot (default: as hidden)", undefined, 0),
  "head": choice(
    ["last", "mean", "max", "token"],
    "what the verdict is made of: the last state, the mean or the maximum of all, or a label for " +
      "each token (default: max)",
    undefined,
  ),
  "vectors": text("FILE", "start the embedding from GloVe or word2vec, as text", undefined),
  "frozen": toggle("leave the embedding as it is"),
  "min-count": integer("how often a word must occur to be known (default: 1)", undefined, 1),
  "init": choice(
    ["article", "scaled"],
    "how weights start: tiny, or scaled to the hidden size (default: scaled)",
    undefined,
  ),
  "keep-case": toggle("tell Good from good"),
  "keep-punctuation": toggle("let punctuation marks be words"),
};

const TRAINING_FLAGS = {
  "epochs": integer("how often to go through all examples, at most", undefined, 1),
  "batch-size": integer("how many sentences make one step (default: 32)", undefined, 1),
  "optimizer": choice(
    ["sgd", "rmsprop", "adam", "adamw"],
    "how to follow the gradient (default: adam)",
    undefined,
  ),
  "learning-rate": positive("the length of a step (default: 0.002)", undefined),
  "momentum": share("what sgd takes along of its last step (default: 0)", undefined),
  "weight-decay": share("what draws weights to zero (default: 0)", undefined),
  "schedule": choice(
    ["constant", "step", "cosine", "plateau"],
    "how the learning rate changes (default: constant)",
    undefined,
  ),
  "schedule-every": integer("epochs between its changes (default: 10; plateau: 3)", undefined, 1),
  "schedule-factor": positive("what it is multiplied by then (default: 0.5)", undefined),
  "warm-up": integer("in so many first steps the rate climbs (default: 0)", undefined, 0),
  "clip": positive("bring each component of the gradient into [-X, X]", undefined),
  "clip-norm": positive("scale the gradient to a norm of at most X (default: 1)", undefined),
  "label-weights": text(
    "WEIGHTS",
    "balanced, or such as spam=3,ham=1: what each label counts",
    undefined,
  ),
  "validation": share(
    "share of the examples to choose the best epoch by (default: 0.15)",
    undefined,
  ),
  "patience": integer(
    "end after N epochs without gain on them (default: those of 200 steps)",
    undefined,
    1,
  ),
  "seed": integer("the seed of weights, order, dropout and split", 1, 0),
  "no-shuffle": toggle("take the examples in the order of the file"),
};

/** The flags that settle what a run computes: a checkpoint has them. */
export const RUN_FLAGS = {
  "data": text(
    "FILE",
    "examples to learn, .csv, .tsv or .jsonl (default: built-in ones, learnt as in the article)",
    undefined,
  ),
  "test": text("FILE", "examples to measure with, held out of training", undefined),
  ...COLUMN_FLAGS,
  ...NETWORK_FLAGS,
  ...TRAINING_FLAGS,
  "from": text("FILE", "go on from this model in place of a fresh one", undefined),
};

/** All flags of the train command. */
export const TRAIN_FLAGS = {
  ...RUN_FLAGS,
  "out": text("FILE", "where to save the model", "model.safetensors"),
  "report": text("FILE", "where to save a report, as one HTML page", undefined),
  "checkpoint": text("FOLDER", "where to save all that is needed to go on", undefined),
  "every": integer("steps from one checkpoint to the next", 100, 1),
  "resume": text("FOLDER", "go on from a checkpoint, with its settings", undefined),
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object a line in place of the table"),
};

type Values<F> = {
  [K in keyof F]: F[K] extends { default: infer T; parse(typed: string): infer U } ? T | U
    : never;
};

/** The values of the flags that settle a run. */
export type RunSettings = Values<typeof RUN_FLAGS>;

/** What a run is made of. */
export interface Plan {
  /** The model to train. */
  model: Model;
  /** What it learns. */
  examples: Example[];
  /** How. */
  training: TrainOptions;
}

/**
 * The model, its examples and its training, as the flags ask; the rest as recommended.
 *
 * @param resumed The model of a checkpoint, where there is one.
 */
export async function planRun(
  all: Example[],
  settings: RunSettings,
  resumed?: Model,
): Promise<Plan> {
  // Without data of one's own it is the article's run, for which core has the defaults.
  const advice = settings.data === undefined
    ? { network: {}, training: {}, validation: 0 }
    : recommend(all);
  const known = resumed ??
    (settings.from === undefined ? undefined : await knownModel(settings.from, settings));
  const network = networkOf(settings, advice.network);
  const head = known ? known.config.head : network.head;
  const validation = settings.validation ?? (settings.patience ? 0.15 : advice.validation);
  const { train, held } = validation > 0
    ? splitExamples(all, validation, { seed: settings.seed, byLabel: head !== "token" })
    : { train: all, held: [] };
  if (settings.patience !== undefined && held.length === 0) {
    throw new InputError("--patience: needs a --validation share above 0");
  }
  const model = known ?? await freshModel(train, settings, network);
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

function defined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

function networkOf(settings: RunSettings, advice: ModelOptions): ModelOptions {
  const { cell, activation, hidden, layers, bidirectional, dropout, embedding, head, init } =
    settings;
  const given = defined({
    cell,
    activation,
    hidden,
    layers,
    bidirectional: bidirectional && bidirectional === "yes",
    dropout,
    embedding: embedding ?? (settings.vectors ? undefined : hidden && advice.embedding && hidden),
    head,
    init,
    frozen: settings.frozen || undefined,
    minCount: settings["min-count"],
  });
  const network = { ...advice, ...given };
  if (settings.vectors && embedding === undefined) delete network.embedding; // the file's
  return network as ModelOptions;
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

async function freshModel(
  examples: readonly Example[],
  settings: RunSettings,
  network: ModelOptions,
): Promise<Model> {
  const options: ModelOptions = { ...network, seed: settings.seed };
  const isTagger = network.head === "token";
  options.tokenizer = {
    lowerCase: !settings["keep-case"],
    punctuation: settings["keep-punctuation"] || isTagger ? "keep" : "drop",
    ...(isTagger ? { split: "spaces" as const } : {}),
  };
  if (settings.vectors !== undefined) {
    const words = new Set(examples.flatMap(({ text }) => tokenize(text, options.tokenizer)));
    options.vectors = await loadVectors(settings.vectors, words);
    if (options.vectors.vectors.size === 0) {
      throw new InputError(`${settings.vectors}: has none of the words of the examples`);
    }
  }
  return createModel(examples, options);
}

async function knownModel(path: string, settings: RunSettings): Promise<Model> {
  for (const name of Object.keys(NETWORK_FLAGS) as (keyof typeof NETWORK_FLAGS)[]) {
    const value = settings[name];
    if (value !== undefined && value !== false) {
      throw new InputError(`--${name}: is settled by the model of --from`);
    }
  }
  return await loadModel(path);
}

/** The settings of a checkpoint's run; throws where a flag asks for others, but for more epochs. */
export function resumedSettings(saved: RunSettings, asked: RunSettings): RunSettings {
  for (const [name, flag] of Object.entries(RUN_FLAGS)) {
    const value = asked[name as keyof RunSettings];
    if (name === "epochs" || value === flag.default) continue;
    if (value !== saved[name as keyof RunSettings]) {
      throw new InputError(`--${name}: is settled by the checkpoint of --resume; leave it out`);
    }
  }
  return { ...saved, epochs: asked.epochs ?? saved.epochs };
}
