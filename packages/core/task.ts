/**
 * The interface of a task: everything that differs between classifying texts, tagging words,
 * continuing a text and translating one. The training loop, files, inspection and the public
 * functions use a task through this interface only; `tasks.ts` is the table of the built-in tasks.
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
  /** For an ensemble, the weights of its other networks. */
  others?: readonly Weights<Tensor>[];
}

export type { Reading };

/** Stops reading a file: throws an error that names the file and the problem. */
export type Fail = (problem: string) => never;

/** A file's metadata by name, as text or parsed as JSON. */
export interface Metadata {
  /** Returns the text of an entry, or undefined if it is missing. */
  text(name: string): string | undefined;
  /**
   * Returns the parsed JSON of an entry; undefined if it is missing or not valid.
   *
   * @param values The maximum number of values in it. Default: 100.
   */
  json(name: string, values?: number): unknown;
}

/** How a task's models are stored in a file. */
export interface TaskFile<M extends AnyModel> {
  /** Whether a file belongs to this task, by the `task` in its metadata and its configuration. */
  claims(task: string | undefined, config: NetworkConfig): boolean;
  /** The minimum number of labels of a model. Default: 2. */
  readonly minLabels?: number;
  /** The names of its metadata entries besides `config`, `vocabulary` and `labels`. */
  readonly keys: readonly string[];
  /** Returns these metadata entries; `task` is one of them. */
  metadata(model: Shell<M>): Record<string, string>;
  /** Reads the model that a header describes, and checks the task's own fields. */
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
  /** Further tensors that a model may have besides its network, such as a linear baseline's. */
  readonly companions?: {
    /** The shapes of these tensors. */
    shapes(model: Shell<M>): Record<string, number[]>;
    /** The tensors of a model. */
    tensors(model: M): Record<string, StoredTensor>;
    /** Reads the tensors into the members of the model that they belong to. */
    read(model: Shell<M>, data: (tensor: string) => FloatArray): Partial<M>;
  };
  /** The shapes of a checkpoint's carried state, for a number of streams; missing if none. */
  carriedShapes?(model: Shell<M>, streams: number): Record<string, Shape>;
}

/** The forward pass of one example, and its backward pass. */
export interface InspectedPass {
  /** The logits, one row per target. */
  logits: Tensor;
  /** The right label of each row. */
  targets: Int32Array;
  /** The loss of the logits. Default: cross-entropy. */
  loss?: Loss<Indices>;
  /** Computes all weights' and the reading layers' gradients from the gradient of the logits. */
  backward(dLogits: Tensor): Backward;
}

/** The meaning of ids. */
export interface SpelledIds {
  /** For models that read letters, the words that the ids stand for; otherwise missing. */
  spellings?: Spellings;
}

/** The functions of a task that inspection uses. */
export interface TaskInspection<M extends AnyModel> {
  /**
   * Returns the words and ids that the network reads from a text.
   *
   * @param label The label to condition on, if the task generates text for labels.
   */
  read(model: M, text: string, label?: string): { words: string[]; ids: Int32Array } & SpelledIds;
  /** Reads each word of the vocabulary alone, if word ids are not their vocabulary indices. */
  spell?(model: M, words: readonly string[]): { ids: Int32Array } & SpelledIds;
  /** Selects the weights of the layers that read the text. */
  stack<T>(weights: Weights<T>): Weights<T>;
  /** The logits after each word, `[words, labels]`; missing if the reading layers have none. */
  logits?(on: Uploaded<M>, ids: Int32Array, spellings?: Spellings): Tensor;
  /** Runs the forward pass of one example, in the open scope. */
  pass(on: Uploaded<M>, example: EncodedExample): InspectedPass;
}

/** How a model reads a text word by word, keeping the hidden state. */
export interface TaskStream<M extends AnyModel> {
  /** Returns a function from a word or symbol to its id. */
  idOf(model: M): (word: string) => number;
  /** For models that read letters, a function from a word to its id and its spelling. */
  speller?(model: M): ((word: string) => { id: number; spellings: Spellings }) | undefined;
  /** The id that it reads before the first word, if there is one. */
  start?(model: M, label?: string): number;
}

/** How examples are encoded. */
export interface EncodeOptions {
  /** Whether labels unknown to the model are allowed; they count as wrong. Default: false. */
  mayBeUnseen?: boolean;
}

/** How the texts and labels of a task are split into tokens, and joined into text again. */
export interface TaskReader extends TokenJoiner {
  /** Returns the tokens of a text. */
  tokens(reading: Reading, text: string): string[];
  /** Returns the tokens of a label: the label itself, a tag per word, or a target's symbols. */
  labelTokens(reading: Reading, label: string): string[];
  /** Why an example with these tokens cannot be used; undefined if it can. */
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
 * @typeParam Given The examples that its models are trained on. Default: texts, with or without
 *   labels.
 * @typeParam Asked The inputs of its models' predictions. Default: texts.
 * @typeParam Encoded The encoded examples that the network reads. Default: ids.
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
  /** The name of the task: the `task` of its models. */
  readonly name: M["task"];
  /** The name of its models, in the plural, for messages. */
  readonly models: string;
  /** What its models are, and which function accepts them, for errors about a wrong model. */
  readonly usage: string;
  /** The training options that it supports besides those of every task. */
  readonly trainOptions: readonly OwnTrainOption[];
  /** Returns the shape of each weight. */
  shapes(model: Shell<M>): Weights<Shape>;
  /** Encodes examples for the network; throws if one cannot be used. */
  encode(model: M, examples: Sequence<Given>, options?: EncodeOptions): Sequence<Encoded>;
  /** How examples are read; missing if they cannot be stored in a {@linkcode Dataset}. */
  readonly reader?: TaskReader;
  /** Prepares a training for the training loop. */
  training(model: M, sets: Sets<Encoded>, options: SettledOptions, place: string): TrainingTask;
  /** Returns a prediction for each input; missing if the task's models do not predict. */
  predict?(on: Uploaded<M>, asked: readonly Asked[], options?: Options): Promise<Answer[]>;
  /** Measures how well a model does on examples: the loss, and the task's other metrics. */
  evaluate(on: Uploaded<M>, examples: Sequence<Given>): Promise<Evaluation>;
  /** Whether models may be ensembles, which average their networks' outputs. Default: false. */
  readonly ensembles?: true;
  /** How a model reads word by word; missing if it needs the whole text. */
  readonly stream?: TaskStream<M>;
  /** How models are stored in files. */
  readonly file: TaskFile<M>;
  /** How predictions of a custom task are explained; built-in tasks have a separate table. */
  readonly reasons?: TaskReasons<M, Answer>;
  /** How models are inspected; missing if they cannot be. */
  readonly inspection?: TaskInspection<M>;
}

/** Uploads a model's weights to a device; for an ensemble, those of all its networks. */
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

/** Returns the weights of all networks of a model on a device. */
export function networksOf({ weights, others = [] }: Uploaded): readonly Weights<Tensor>[] {
  return [...others, weights];
}

/** Returns all weight tensors of a model on a device. */
export function weightHandles(on: Uploaded): Tensor[] {
  return networksOf(on).flatMap((weights) => Object.values(weights));
}

/** Runs `fn` with a model's weights on the device, and frees them, even if it throws. */
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
