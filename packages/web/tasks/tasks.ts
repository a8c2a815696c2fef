/**
 * The table of tasks: everything on the page that differs between tasks is looked up here.
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

/** The tasks, in the order of the menu. */
export const TASKS: readonly AnyPageTask[] = [
  classification,
  tagging,
  languageModel,
  conditionalWriting,
  translation,
];

/** Returns the task with a name; throws if there is none. */
export function taskNamed(task: string): AnyPageTask {
  const found = TASKS.find(({ name }) => name === task);
  if (found) return found;
  throw new Error(`there is no task ${task}`);
}

/** Returns the task of settings. */
export function taskOf({ task }: Pick<Settings, "task">): AnyPageTask {
  return taskNamed(task);
}

/** Returns the settings with the task that suits their head. */
export function withTask(settings: Settings): Settings {
  const named = taskOf(settings), suits = (task: AnyPageTask) => task.suits?.(settings.head);
  const { name } = suits(named) === false ? TASKS.find(suits)! : named;
  return { ...settings, task: name };
}

/** Converts the settings of a saved run, which may be of an older version, to the current names. */
export function currentSettings(settings: Settings): Settings {
  const init = parseField("init", settings.init) as Settings["init"] | undefined;
  return withTask({
    ...settings,
    stripHtml: settings.stripHtml ?? false,
    init: init ?? defaultInit(settings.cell),
  });
}

/** Returns the task of a model; throws if the page has none for it. */
export function taskOfModel(model: Model, written: readonly string[]): AnyPageTask {
  const found = TASKS.find(({ models, accepts }) =>
    models === model.task && (accepts?.(written) ?? true)
  );
  if (found) return found;
  throw new Error(`this page has no ${model.task} models; use deno task predict`);
}

/** Returns whether the task of the settings has a setting. */
export function hasField(settings: Pick<Settings, "task">, name: FieldName): boolean {
  return taskOf(settings).fields.includes(name) ||
    !TASKS.some(({ fields }) => fields.includes(name));
}
