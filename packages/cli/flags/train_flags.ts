/**
 * The flags of the train command.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { BACKEND_FLAGS } from "../backends.ts";
import { COLUMN_FLAGS, isTable, PAIR_FLAGS } from "../files/files.ts";
import {
  bound,
  choice,
  factor,
  file,
  fraction,
  type Given,
  integer,
  positive,
  share,
  text,
  toggle,
  type Values,
} from "./flags.ts";

/** What there is to learn. */
export const TASKS = [
  "classification",
  "language-model",
  "generate-from-label",
  "translate",
] as const;

/** One of them. */
export type TaskName = (typeof TASKS)[number];

/** The flags that say what to learn, and from what. */
export const DATA_FLAGS = {
  "task": choice(
    TASKS,
    "what to learn: label texts, continue a text, write a text for a label, or translate a text " +
      "into another",
    undefined,
  ),
  "data": {
    ...file(
      "training examples: a .csv, .tsv or .jsonl file; for a language model any other file is " +
        "one text",
      undefined,
    ),
    shown: "built-in sentences, for classification",
  },
  "test": file("test examples, held out of training", undefined),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  "from": file("continue from the weights of this model", undefined),
};

/** The flags that say what the network is made of: a model that is there has them settled. */
export const NETWORK_FLAGS = {
  "unit": choice(
    ["characters", "graphemes", "words"],
    "units of the text: code points, graphemes or words",
    undefined,
  ),
  "vocabulary": integer("vocabulary size at most: the N most frequent units", undefined, 2),
  "attention": choice(["dot", "none"], "attention of the decoder to the encoder", undefined),
  "cell": choice(["rnn", "lstm", "gru"], "type of recurrent cell", undefined),
  "activation": choice(["tanh", "relu"], "activation function, for --cell rnn", undefined),
  "hidden": integer("hidden size", undefined, 1),
  "layers": integer("number of stacked layers", undefined, 1),
  "bidirectional": choice(["yes", "no"], "also read texts from their end", undefined),
  "dropout": share("dropout rate between layers", undefined),
  "embedding": integer("embedding size; 0: one-hot input", undefined, 0),
  "head": choice(
    ["last", "mean", "max", "token"],
    "pooling for the prediction: the last hidden state, or the mean or maximum of all; or token: " +
      "one label for each word",
    undefined,
  ),
  "vectors": file("pretrained embedding: GloVe or word2vec, as text", undefined),
  "frozen": toggle("do not train the embedding"),
  "min-count": integer("minimum count of a word in the vocabulary", undefined, 1),
  "init": choice(
    ["article", "scaled"],
    "initial weights: tiny as in the article, or scaled to the hidden size",
    undefined,
  ),
  "keep-case": toggle("keep upper and lower case distinct"),
  "keep-punctuation": toggle("keep punctuation marks, as words"),
};

/** The flags that say how to train it. */
export const TRAINING_FLAGS = {
  "epochs": integer("maximum number of epochs", undefined, 1),
  "batch-size": integer(
    "batch size; of a language model, the number of parallel streams",
    undefined,
    1,
  ),
  "time-steps": integer("truncated BPTT length, in units", undefined, 1),
  "teacher-forcing": fraction("teacher-forcing ratio of the decoder", undefined),
  "optimizer": choice(["sgd", "rmsprop", "adam", "adamw"], "optimizer", undefined),
  "learning-rate": positive("learning rate", undefined),
  "momentum": share("momentum, for --optimizer sgd", undefined),
  "weight-decay": share("weight decay", undefined),
  "schedule": choice(
    ["constant", "step", "cosine", "plateau"],
    "learning rate schedule",
    undefined,
  ),
  "schedule-every": integer(
    "epochs between changes of --schedule step, and patience of plateau",
    undefined,
    1,
  ),
  "schedule-factor": factor("factor of each change, for step and plateau", undefined),
  "warm-up": integer("linear warm-up steps", undefined, 0),
  "clip": bound("clip each component of the gradient to [-X, X]"),
  "clip-norm": bound("clip the norm of the gradient to X"),
  "label-weights": text(
    "WEIGHTS",
    "weights of the labels in the loss: balanced, or such as spam=3,ham=1",
    undefined,
  ),
  "validation": share("validation split: the share of examples to hold out", undefined),
  "patience": integer("early-stopping patience, in epochs", undefined, 1),
  "seed": integer("random seed of weights, order, dropout and split", 1, 0),
  "no-shuffle": toggle("keep the examples in the order of the file"),
};

/** The flags that say what to save and print. */
export const OUTPUT_FLAGS = {
  "out": file("where to save the model", "model.safetensors"),
  "report": file("where to save a report, one HTML page", undefined),
  "checkpoint": file("where to save checkpoints, to resume from", undefined, "FOLDER"),
  "every": integer("steps between checkpoints", 100, 1),
  "resume": file("continue a run from its checkpoint, with its settings", undefined, "FOLDER"),
  "json": toggle("print JSON Lines instead of a table"),
};

/** The flags that settle what a run computes: a checkpoint has them. */
export const RUN_FLAGS = { ...DATA_FLAGS, ...NETWORK_FLAGS, ...TRAINING_FLAGS };

/** All flags of the train command. */
export const TRAIN_FLAGS = { ...RUN_FLAGS, ...OUTPUT_FLAGS, ...BACKEND_FLAGS };

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

/** The tasks that a flag is for. */
export function tasksOf(flag: string): readonly TaskName[] {
  return Object.hasOwn(FLAG_TASKS, flag) ? FLAG_TASKS[flag as keyof typeof FLAG_TASKS]! : TASKS;
}

/**
 * Throws for a flag that was typed and means nothing to a task or to its files, whatever its value.
 *
 * @param files The files of examples.
 */
export function requireFlagsOf(
  task: TaskName,
  given: Given,
  files: readonly (string | undefined)[],
): void {
  for (const flag of given) {
    const tasks = tasksOf(flag);
    if (!tasks.includes(task)) {
      throw new InputError(`--${flag}: is for --task ${tasks.join(" or ")}, got ${task}`);
    }
    if (!flag.endsWith("-column")) continue;
    const paths = files.filter((path) => path !== undefined);
    if (paths.length === 0) throw new InputError(`--${flag}: needs a file; give --data FILE`);
    if (task === "language-model" && !paths.some(isTable)) {
      throw new InputError(
        `--${flag}: is for .csv, .tsv and .jsonl files, got ${paths.join(" and ")}`,
      );
    }
  }
}

/** Throws for a flag that a model which is there already settles. */
export function requireNoNetworkFlags(given: Given): void {
  for (const name of Object.keys(NETWORK_FLAGS)) {
    if (given.has(name)) {
      throw new InputError(`--${name}: is settled by the model of --from; leave it out`);
    }
  }
}
