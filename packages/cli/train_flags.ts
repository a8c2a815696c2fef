/**
 * The flags of the train command.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { BACKEND_FLAGS } from "./backends.ts";
import { COLUMN_FLAGS, PAIR_FLAGS } from "./files.ts";
import { choice, fraction, integer, positive, share, text, toggle } from "./flags.ts";

/** What there is to learn. */
export const TASKS = [
  "classification",
  "language-model",
  "generate-from-label",
  "translate",
] as const;

/** One of them. */
export type TaskName = (typeof TASKS)[number];

const NETWORK_FLAGS = {
  "unit": choice(
    ["characters", "graphemes", "words"],
    "what a text is written in: code points, what the eye takes for one character, or words " +
      "(default: characters)",
    undefined,
  ),
  "vocabulary": integer("how many units are known, the commonest (default: all)", undefined, 2),
  "attention": choice(
    ["dot", "none"],
    "how the decoder of a translation looks back (default: dot)",
    undefined,
  ),
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
  "time-steps": integer(
    "units in a piece of a text, through which gradients go back (default: 64)",
    undefined,
    1,
  ),
  "teacher-forcing": fraction(
    "share of a decoder's steps that read the right unit before, not their own (default: 1)",
    undefined,
  ),
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
  "task": choice(
    TASKS,
    "what to learn: to label texts, to go on with a text, to write a text for a label, or a text " +
      "for a text (default: classification)",
    undefined,
  ),
  "data": text(
    "FILE",
    "examples to learn, .csv, .tsv or .jsonl; for a language model any other file is one text " +
      "(default: built-in ones, learnt as in the article)",
    undefined,
  ),
  "test": text("FILE", "examples to measure with, held out of training", undefined),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
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

const WRITERS: readonly TaskName[] = ["language-model", "generate-from-label"];

/** The tasks that a flag is for, where it is not for all. */
const FLAG_TASKS: { [flag in keyof typeof RUN_FLAGS]?: readonly TaskName[] } = {
  "text-column": ["classification", ...WRITERS],
  "label-column": ["classification", "generate-from-label"],
  "source-column": ["translate"],
  "target-column": ["translate"],
  "unit": [...WRITERS, "translate"],
  "vocabulary": [...WRITERS, "translate"],
  "attention": ["translate"],
  "teacher-forcing": ["translate"],
  "time-steps": WRITERS,
  "bidirectional": ["classification", "translate"],
  "head": ["classification"],
  "vectors": ["classification"],
  "frozen": ["classification"],
  "min-count": ["classification"],
  "keep-case": ["classification"],
  "keep-punctuation": ["classification"],
  "label-weights": ["classification"],
};

/** Throws for a flag that means nothing to a task. */
export function requireFlagsOf(task: TaskName, settings: RunSettings): void {
  for (const [name, tasks] of Object.entries(FLAG_TASKS)) {
    const flag = name as keyof typeof RUN_FLAGS;
    if (tasks.includes(task) || settings[flag] === RUN_FLAGS[flag].default) continue;
    throw new InputError(`--${name}: is for --task ${tasks.join(" or ")}, got ${task}`);
  }
}

/** Throws for a flag that a model which is there already settles. */
export function requireNoNetworkFlags(settings: RunSettings): void {
  for (const name of Object.keys(NETWORK_FLAGS) as (keyof typeof NETWORK_FLAGS)[]) {
    const value = settings[name];
    if (value !== undefined && value !== false) {
      throw new InputError(`--${name}: is settled by the model of --from`);
    }
  }
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
