/**
 * The table of tasks: everything on the page that differs from task to task is asked here.
 *
 * @module
 */
import type { Model } from "@unroll/core/texts";
import { defaultInit, type FieldName, parseField, type Settings } from "../settings.ts";
import { classification } from "./classification.ts";
import { conditionalWriting } from "./conditional_writing.ts";
import { languageModel } from "./language_model.ts";
import { tagging } from "./tagging.ts";
import type { AnyPageTask } from "./task.ts";
import { translation } from "./translation.ts";

/** The tasks, in the order in which they are offered. */
export const TASKS: readonly AnyPageTask[] = [
  classification,
  tagging,
  languageModel,
  conditionalWriting,
  translation,
];

/** The task of a name. */
export function taskNamed(task: string): AnyPageTask {
  const found = TASKS.find(({ name }) => name === task);
  if (found) return found;
  throw new Error(`there is no task ${task}`);
}

/** The task that settings are of. */
export function taskOf({ task }: Pick<Settings, "task">): AnyPageTask {
  return taskNamed(task);
}

/** The same settings under their task: the head may make another of the one named. */
export function withTask(settings: Settings): Settings {
  const named = taskOf(settings), suits = (task: AnyPageTask) => task.suits?.(settings.head);
  const { name } = suits(named) === false ? TASKS.find(suits)! : named;
  return { ...settings, task: name };
}

/** Settings of a saved run, which may be older than the page, under today's names. */
export function currentSettings(settings: Settings): Settings {
  const init = parseField("init", settings.init) as Settings["init"] | undefined;
  return withTask({
    ...settings,
    stripHtml: settings.stripHtml ?? false,
    init: init ?? defaultInit(settings.cell),
  });
}

/** The task that a model is for. */
export function taskOfModel(model: Model, written: readonly string[]): AnyPageTask {
  const found = TASKS.find(({ models, accepts }) =>
    models === model.task && (accepts?.(written) ?? true)
  );
  if (found) return found;
  throw new Error(`this page has no ${model.task} models; use deno task predict`);
}

/** Whether a setting is for settings of this task. */
export function hasField(settings: Pick<Settings, "task">, name: FieldName): boolean {
  return taskOf(settings).fields.includes(name) ||
    !TASKS.some(({ fields }) => fields.includes(name));
}
