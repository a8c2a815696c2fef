/**
 * What the train command asks of a task.
 *
 * @module
 */
import {
  type Backend,
  type Example,
  InputError,
  type Model,
  type TrainEvent,
  writtenLabels,
} from "@unroll/core";
import { classification } from "./classification.ts";
import type { COLUMN_FLAGS, PAIR_FLAGS } from "../files/files.ts";
import { languageModel } from "./language_model.ts";
import type { Plan } from "../run/plan.ts";
import type { RunSettings, TaskName } from "../flags/train_flags.ts";
import type { Sets, Table, Told } from "../output/train_report.ts";
import { translation } from "./translation.ts";

/** What a run came to, for its page. */
export interface Outcome {
  /** The file that was learnt. */
  title: string;
  /** What happened. */
  events: readonly TrainEvent[];
  /** The examples to measure with. */
  measured: readonly Example[];
}

/** What settles how a file of examples is read. */
export type ReadSettings = Pick<
  RunSettings,
  "task" | keyof typeof COLUMN_FLAGS | keyof typeof PAIR_FLAGS
>;

/** A task, as the train command sees it. */
export interface Task {
  /** The examples in a file. */
  read(path: string, settings: ReadSettings): Promise<Example[]>;
  /** The model, its examples and its training. */
  plan(all: Example[], settings: RunSettings, known?: Model): Promise<Plan>;
  /** What the table of a training shows. */
  table(model: Model, sets: Sets): Table;
  /** Something to show while it trains. */
  sample?(backend: Backend, model: Model, epoch: number): Promise<Told>;
  /**
   * What the model makes of some examples, and how good it is.
   *
   * @param on Which these are: `review` is told of them unless it is undefined.
   */
  results(
    backend: Backend,
    model: Model,
    measured: readonly Example[],
    on: "held" | "test" | "training" | undefined,
  ): Promise<Told>;
  /** The page of the training. */
  page(backend: Backend, model: Model, outcome: Outcome): Promise<string>;
  /** What to call next. */
  hint(path: string, model: Model, example: Example): string;
}

/** The task of a name. */
export function taskOf(name: TaskName): Task {
  if (name === "translate") return translation;
  return name === "classification" ? classification : languageModel;
}

/** What the train command calls the task of a model. */
export function taskNameOf(model: Model): TaskName {
  if (model.task !== "language-model") return model.task ?? "classification";
  return writtenLabels(model).length > 0 ? "generate-from-label" : model.task;
}

/** Throws unless a file's model is for one of some tasks. */
export function requireModelOf(path: string, model: Model, tasks: readonly TaskName[]): void {
  const name = taskNameOf(model);
  if (tasks.includes(name)) return;
  const way: Record<TaskName, string> = {
    "classification": "ask it with deno task predict",
    "language-model": "let it write with deno task generate",
    "generate-from-label": "let it write with deno task generate --label LABEL",
    "translate": "ask it with deno task predict",
  };
  throw new InputError(`${path}: is a model for ${name}; ${way[name]}`);
}
