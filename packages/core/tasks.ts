/**
 * The table of tasks: everything that differs between tasks is looked up here.
 *
 * @module
 */
import type { ClassificationModel } from "./classification/model.ts";
import { classification } from "./classification/task.ts";
import { InputError } from "./errors.ts";
import type { ForecastModel } from "./forecast/form.ts";
import type { LanguageModel } from "./language_model/model.ts";
import { languageModel } from "./language_model/task.ts";
import type { Shape } from "./backend.ts";
import type { AnyModel, Shell } from "./model.ts";
import type { Weights } from "./network/weights.ts";
import type { MultiLabelModel } from "./multi_label/model.ts";
import { quote } from "./printable.ts";
import type { RegressionModel } from "./regression/model.ts";
import type { SeriesClassificationModel } from "./series_classification/model.ts";
import type { SeriesRegressionModel } from "./series_regression/model.ts";
import type { TaggingModel } from "./tagging/model.ts";
import { tagging } from "./tagging/task.ts";
import { type Dataset, writeDataset } from "./data/dataset.ts";
import type { Example } from "./data/examples.ts";
import type { Sequence } from "./sequence.ts";
import { tokenChunks } from "./data/text_chunks.ts";
import type { Reading, Task, TaskReader } from "./task.ts";
import { readSymbols } from "./text/read_symbols.ts";
import { tokenize } from "./text/tokenizer.ts";
import type { OwnTrainOption } from "./training/options.ts";
import type { TranslationModel } from "./translation/model.ts";
import { translation } from "./translation/task.ts";

/** A model of a built-in task: a union discriminated by `task`. */
export type Model =
  | ClassificationModel
  | TaggingModel
  | LanguageModel
  | TranslationModel
  | ForecastModel
  | SeriesClassificationModel
  | RegressionModel
  | SeriesRegressionModel
  | MultiLabelModel;

/** The name of a task. */
export type TaskName = Model["task"];

/** A task of models that are not known in advance. */
// deno-lint-ignore no-explicit-any
export type AnyTask = Task<any, any, any, any, any, any, any>;

/** The tasks on texts that predict labels or generate text. */
export const TEXT_TASKS = [classification, tagging, languageModel, translation] as const;

const table: AnyTask[] = /* @__PURE__ */ TEXT_TASKS.slice();

/** Adds tasks to the table: `mod.ts` adds the tasks on numbers, which `texts.ts` leaves out. */
export function addTasks(tasks: readonly AnyTask[]): void {
  for (const task of tasks) if (!table.includes(task)) table.push(task);
}

/** Custom tasks, for models of tasks that are not built in. */
export interface TaskOptions {
  /** The tasks to search before the built-in ones. Default: none. */
  tasks?: readonly AnyTask[];
}

/** Returns all tasks, the caller's own first. */
export function allTasks(own: readonly AnyTask[] = []): readonly AnyTask[] {
  return [...own, ...table];
}

/**
 * Returns the task of a model.
 *
 * @throws {InputError} If no task has that name.
 */
export function taskOf(model: Pick<AnyModel, "task">, own?: readonly AnyTask[]): AnyTask {
  const all = allTasks(own);
  const found = all.find(({ name }) => name === model.task);
  if (found) return found;
  throw new InputError(
    `there is no task ${quote(model.task)}; known tasks: ${all.map(({ name }) => name).join(", ")}`,
  );
}

/**
 * Throws unless a model belongs to a task.
 *
 * @throws {InputError} If it does not; the message names the function to use instead.
 */
export function requireTask(model: Pick<AnyModel, "task">, task: AnyTask): void {
  if (model.task !== task.name) throw new InputError(taskOf(model).usage);
}

/** Examples, split into those that can be used and those that cannot. */
export interface Usable {
  /** The usable examples, in their order. */
  usable: Example[];
  /** The unusable examples, and why. */
  unusable: { example: Example; problem: string }[];
}

/**
 * Splits examples into those a model can use and those it cannot: texts without words, a number of
 * tags that differs from the number of words, and so on. Training and evaluation accept all usable
 * ones.
 *
 * @param reading A model, or the options that determine how it reads.
 *
 * @example
 * ```ts
 * import { splitUsable } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: ":)", label: "up" }];
 * const { usable, unusable } = splitUsable({ task: "classification" }, examples);
 * assertEquals(usable, [{ text: "good", label: "up" }]);
 * assertEquals(unusable[0].problem, 'the text ":)" has no words; remove it, or keep punctuation as words');
 * ```
 */
export function splitUsable(
  reading: Reading,
  examples: Sequence<Example>,
  { tasks }: TaskOptions = {},
): Usable {
  const { reader } = taskOf(reading, tasks);
  const usable: Example[] = [], unusable: Usable["unusable"] = [];
  for (const example of examples) {
    const problem = reader && tokensOf(reader, reading, example).problem;
    if (problem === undefined) usable.push(example);
    else unusable.push({ example, problem });
  }
  return { usable, unusable };
}

function tokensOf(reader: TaskReader, reading: Reading, example: Example) {
  const { text, label = "" } = example;
  const tokens = reader.tokens(reading, text), labelTokens = reader.labelTokens(reading, label);
  return { tokens, labelTokens, problem: reader.problem(tokens, labelTokens, example, reading) };
}

const MAX_HTML = 2 ** 28; // characters of a text read at once, as HTML tags may be long

/** Adds examples to a {@linkcode Dataset} one at a time. */
export interface DatasetBuilder {
  /** Adds an example; or returns why it cannot be used, and leaves it out. */
  add(example: Example): string | undefined;
  /** Starts a text that is added in chunks. */
  begin(where: string): void;
  /** Adds the next chunk of that text, split at any position. */
  append(chunk: string): void;
  /**
   * Returns the dataset. Nothing can be added afterwards.
   *
   * @throws {InputError} If a text that was added in chunks has no tokens.
   */
  build(): Dataset;
}

/**
 * Builds a dataset, which stores examples in a few bytes per token, for data of any size. Every
 * function that accepts examples accepts a dataset, for models that read texts in the same way.
 *
 * @param reading A model, or the options that determine how it reads.
 * @throws {InputError} If the task does not read texts, or there are too many tokens to number.
 *
 * @example
 * ```ts
 * import { buildDataset, createModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = { lowerCase: true, punctuation: "drop" } as const;
 * const builder = buildDataset({ task: "classification", tokenizer });
 * builder.add({ text: "Good!", label: "up" });
 * builder.add({ text: "Not good", label: "down" });
 * assertEquals(builder.add({ text: "", label: "up" })?.startsWith('the text "" has no words'), true);
 * const model = createModel(builder.build(), { tokenizer });
 * assertEquals(model.vocabulary, ["<unk>", "good", "not"]);
 * ```
 */
export function buildDataset(reading: Reading, { tasks }: TaskOptions = {}): DatasetBuilder {
  const { reader, models } = taskOf(reading, tasks);
  if (!reader) throw new InputError(`${models} have no text reader, so they cannot use a dataset`);
  const { task, tokenizer, unit, normalization, html, separator } = reading;
  const writer = writeDataset({ task, tokenizer, unit, normalization, html, separator }, reader);
  let open: { example: Example; tokens: number } | undefined; // a text that is added in chunks
  const chunks = tokenChunks((chunk) => {
    const tokens = reader.tokens(reading, chunk);
    writer.append(chunk, tokens);
    open!.tokens += tokens.length;
  }, html ? MAX_HTML : undefined);
  const close = () => {
    chunks.end();
    const problem = open?.tokens === 0 && reader.problem([], [], open.example, reading);
    if (problem) throw new InputError(`${open!.example.where}: ${problem}`);
    open = undefined;
  };
  return {
    begin(where) {
      close();
      const example = { text: "", where };
      open = { example, tokens: 0 };
      writer.add(example, [], reader.labelTokens(reading, ""));
    },
    add(example) {
      close();
      const { tokens, labelTokens, problem } = tokensOf(reader, reading, example);
      if (problem === undefined) writer.add(example, tokens, labelTokens);
      return problem;
    },
    append: chunks.push,
    build() {
      close();
      return writer.dataset();
    },
  };
}

/** Returns a function from a text to the words or symbols that a model reads in it. */
export function readerOf(
  { tokenizer, unit, normalization, html }: Reading,
): (text: string) => string[] {
  return (text) =>
    unit === undefined
      ? tokenize(text, tokenizer)
      : readSymbols(text, { unit, normalization, html });
}

/** For each training option that a task does not have, the models that have it. */
export function optionsOfOthers({ trainOptions }: AnyTask): Record<string, string> {
  const others: Record<string, string> = {};
  for (const { trainOptions: known, models } of table) {
    for (const option of known as readonly OwnTrainOption[]) {
      if (trainOptions.includes(option)) continue;
      others[option] = Object.hasOwn(others, option) ? `${others[option]} and ${models}` : models;
    }
  }
  return others;
}

/**
 * Returns the shape of each weight of a model.
 *
 * @throws {InputError} If the model's task is unknown.
 *
 * @example
 * ```ts
 * import { createModel, shapesOf } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * assertEquals(shapesOf(model).Whh, [64, 64]);
 * ```
 */
export function shapesOf(model: Shell, { tasks }: TaskOptions = {}): Weights<Shape> {
  return taskOf(model, tasks).shapes(model);
}
