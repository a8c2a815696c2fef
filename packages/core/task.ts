/**
 * What a task is: all that differs between classifying texts, tagging words, continuing a text and
 * translating one. The training loop, the files, inspection and the functions for users ask a task by
 * this interface alone; `tasks.ts` is the table of those that come with Unroll.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Shape, Tensor } from "./backend.ts";
import type { TokenJoiner } from "./data/dataset.ts";
import type { Example } from "./data/examples.ts";
import type { AnyModel, Shell } from "./model.ts";
import type { NetworkConfig } from "./network/config.ts";
import type { Loss } from "./network/loss.ts";
import type { Backward } from "./network/stack.ts";
import type { StoredTensor } from "./network/torch_names.ts";
import { uploadAll, type Weights } from "./network/weights.ts";
import type { TaskReasons } from "./reasons.ts";
import type { Sequence } from "./sequence.ts";
import type { Reading } from "./text/reading.ts";
import type { Spellings } from "./text/spellings.ts";
import type { EncodedExample } from "./training/encoded.ts";
import type { OwnTrainOption } from "./training/options.ts";
import type { SettledOptions } from "./training/settled.ts";
import type { Sets, TrainingTask } from "./training/training_task.ts";

/** A model whose weights are on a device. */
export interface Uploaded<M extends AnyModel = AnyModel> {
  /** The ops of the device. */
  ops: Ops;
  /** The model. */
  model: M;
  /** Its weights. */
  weights: Weights<Tensor>;
  /** Of an ensemble, the weights of its other networks. */
  others?: readonly Weights<Tensor>[];
}

export type { Reading };

/** Ends the reading of a file, with what is wrong with it. */
export type Fail = (problem: string) => never;

/** Texts of a file's metadata by name; JSON where `parse` is asked. */
export interface Metadata {
  /** The text of a name, if it is there. */
  text(name: string): string | undefined;
  /**
   * The JSON of a name; undefined where it is missing or none.
   *
   * @param values How many values it may have. Default: as many as a few settings.
   */
  json(name: string, values?: number): unknown;
}

/** How a task's models are kept in a file. */
export interface TaskFile<M extends AnyModel> {
  /** Whether a file is of this task, by the `task` in its metadata and its configuration. */
  claims(task: string | undefined, config: NetworkConfig): boolean;
  /** How many labels a model has at least. Default: 2. */
  readonly minLabels?: number;
  /** The names of its metadata besides `config`, `vocabulary` and `labels`. */
  readonly keys: readonly string[];
  /** These metadata; the `task` is one of them. */
  metadata(model: Shell<M>): Record<string, string>;
  /** The model that a header describes, with the task's own fields checked. */
  read(
    header: Pick<AnyModel, "config" | "vocabulary" | "labels">,
    metadata: Metadata,
    fail: Fail,
  ): Shell<M>;
  /** The shapes of its tensors under PyTorch's names. */
  torchShapes(model: Shell<M>): Record<string, number[]>;
  /** Weights under PyTorch's names. */
  toTorch(model: Shell<M>, weights: Weights<FloatArray>): Record<string, StoredTensor>;
  /** Weights from tensors under PyTorch's names. */
  fromTorch(model: Shell<M>, data: (tensor: string) => FloatArray): Weights<FloatArray>;
  /** What a model may have beside its network, as further tensors; none where there is nothing. */
  readonly companions?: {
    /** Their shapes. */
    shapes(model: Shell<M>): Record<string, number[]>;
    /** Them. */
    tensors(model: M): Record<string, StoredTensor>;
    /** The members of the model that they are. */
    read(model: Shell<M>, data: (tensor: string) => FloatArray): Partial<M>;
  };
  /** The shapes of what a checkpoint carries within an epoch, for a number of streams; none without. */
  carriedShapes?(model: Shell<M>, streams: number): Record<string, Shape>;
}

/** One example forward, and its way back. */
export interface InspectedPass {
  /** Its logits, a row for each target. */
  logits: Tensor;
  /** The right label of each row. */
  targets: Int32Array;
  /** The loss of the logits. Default: cross-entropy. */
  loss?: Loss<Indices>;
  /** From the gradient of the logits to that of every weight, and of the layers that read the text. */
  backward(dLogits: Tensor): Backward;
}

/** What ids stand for. */
export interface SpelledIds {
  /** Where letters are read, what they stand for; else they are the words' own. */
  spellings?: Spellings;
}

/** What the inspection of a model asks of its task. */
export interface TaskInspection<M extends AnyModel> {
  /**
   * What the network reads of a text.
   *
   * @param label The label that the text is written for, where the task writes for labels.
   */
  read(model: M, text: string, label?: string): { words: string[]; ids: Int32Array } & SpelledIds;
  /** The words of the vocabulary as it reads each alone, where their ids are not their places. */
  spell?(model: M, words: readonly string[]): { ids: Int32Array } & SpelledIds;
  /** The weights of the layers that read it. */
  stack<T>(weights: Weights<T>): Weights<T>;
  /** The logits after each word, `[words, labels]`; none where what reads gives none. */
  logits?(on: Uploaded<M>, ids: Int32Array, spellings?: Spellings): Tensor;
  /** The pass of one example, in the open scope. */
  pass(on: Uploaded<M>, example: EncodedExample): InspectedPass;
}

/** How a model reads a text word by word, with the state kept. */
export interface TaskStream<M extends AnyModel> {
  /** The id of a word or symbol. */
  idOf(model: M): (word: string) => number;
  /** Where letters are read, gives the id of a word as it is spelled, and what that stands for. */
  speller?(model: M): ((word: string) => { id: number; spellings: Spellings }) | undefined;
  /** What it reads before the first, if anything. */
  start?(model: M, label?: string): number;
}

/** How examples are encoded. */
export interface EncodeOptions {
  /** Whether a label may be one that the model does not have: it counts as wrong. Default: false. */
  mayBeUnseen?: boolean;
}

/** How the texts and labels of a task become tokens, and again a text. */
export interface TaskReader extends TokenJoiner {
  /** The tokens of a text. */
  tokens(reading: Reading, text: string): string[];
  /** The tokens of a label: itself, or a tag for each word, or the symbols of a target. */
  labelTokens(reading: Reading, label: string): string[];
  /** Why an example with these tokens cannot be used; undefined where it can. */
  problem(
    tokens: readonly string[],
    labelTokens: readonly string[],
    example: Example,
    reading: Reading,
  ): string | undefined;
}

/**
 * A task.
 *
 * @typeParam Given What its models learn from. Default: texts, with labels or without.
 * @typeParam Asked What its models answer to. Default: texts.
 * @typeParam Encoded What is given as the network sees it. Default: ids.
 */
export interface Task<
  M extends AnyModel = AnyModel,
  Answer = unknown,
  Options = never,
  Evaluation extends { loss: number } = { loss: number },
  Given extends { where?: string } = Example,
  Asked = string,
  Encoded = EncodedExample,
> {
  /** What models of it have as their `task`. */
  readonly name: M["task"];
  /** What its models are called, in the plural. */
  readonly models: string;
  /** What its models are and which function takes them, for errors about the wrong one. */
  readonly usage: string;
  /** The options of training that it knows besides those of every task. */
  readonly trainOptions: readonly OwnTrainOption[];
  /** The shape of each weight. */
  shapes(model: Shell<M>): Weights<Shape>;
  /** Examples as the network sees them; throws for one that cannot be used. */
  encode(model: M, examples: Sequence<Given>, options?: EncodeOptions): Sequence<Encoded>;
  /** How examples are read; none where they cannot be a {@linkcode Dataset}. */
  readonly reader?: TaskReader;
  /** What the training loop needs of it. */
  training(model: M, sets: Sets<Encoded>, options: SettledOptions, place: string): TrainingTask;
  /** A model's answer to each of some texts; none where models of the task give no answers. */
  predict?(on: Uploaded<M>, asked: readonly Asked[], options?: Options): Promise<Answer[]>;
  /** How well a model does on examples: its loss, and what else the task measures. */
  evaluate(on: Uploaded<M>, examples: Sequence<Given>): Promise<Evaluation>;
  /** Whether several networks may answer together, by the mean of their outputs. Default: false. */
  readonly ensembles?: true;
  /** How a model reads word by word; none where it needs the whole text. */
  readonly stream?: TaskStream<M>;
  /** Models in files. */
  readonly file: TaskFile<M>;
  /** Why models of a custom task answer as they do; those of Unroll's are in a table of their own. */
  readonly reasons?: TaskReasons<M, Answer>;
  /** Models made visible; none for tasks that cannot be inspected. */
  readonly inspection?: TaskInspection<M>;
}

/** A model's weights on a device, of an ensemble those of all its networks. */
export function uploadModel<M extends AnyModel>(
  ops: Ops,
  { shapes }: Pick<Task<M>, "shapes">,
  model: M,
): Uploaded<M> {
  let on: Uploaded<M>;
  ops.scope(() => {
    const [weights, ...others] = [model.weights, ...model.ensemble ?? []]
      .map((numbers) => uploadAll(ops, shapes(model), numbers));
    on = { ops, model, weights, ...(others.length > 0 ? { others } : {}) };
    return weightHandles(on);
  });
  return on!;
}

/** The weights of all networks of a model on a device. */
export function networksOf({ weights, others = [] }: Uploaded): readonly Weights<Tensor>[] {
  return [...others, weights];
}

/** All weights that a model has on a device. */
export function weightHandles(on: Uploaded): Tensor[] {
  return networksOf(on).flatMap((weights) => Object.values(weights));
}

/** Runs `fn` with a model's weights on the device, and frees them, also where it fails. */
export async function withWeights<M extends AnyModel, T>(
  ops: Ops,
  task: Pick<Task<M>, "shapes">,
  model: M,
  fn: (on: Uploaded<M>) => T | Promise<T>,
): Promise<T> {
  const on = uploadModel(ops, task, model);
  try {
    return await fn(on);
  } finally {
    ops.dispose(weightHandles(on));
  }
}
