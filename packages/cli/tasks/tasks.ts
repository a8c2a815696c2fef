/**
 * The table of tasks.
 *
 * @module
 */
import { InputError, type Model } from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import { classification } from "./classification.ts";
import { forecast } from "./forecast.ts";
import { generateFromLabel } from "./generate_from_label.ts";
import { languageModel } from "./language_model.ts";
import { multiLabel } from "./multi_label.ts";
import { regression } from "./regression.ts";
import { seriesClassification } from "./series_classification.ts";
import { seriesRegression } from "./series_regression.ts";
import { tagging } from "./tagging.ts";
import type { AnyTask } from "./task.ts";
import { translation } from "./translation.ts";

/** All tasks; the first is meant where none is named. */
export const TASKS: readonly AnyTask[] = [
  classification,
  multiLabel, // which refuses the head of tagging
  tagging,
  languageModel,
  generateFromLabel,
  translation,
  regression,
  forecast,
  seriesClassification,
  seriesRegression,
];

/** What `--task` may say. */
export const TASK_NAMES: readonly string[] = [...new Set(TASKS.map(({ name }) => name))];

/** Whether a model is of a task. */
export function owns(task: AnyTask, model: Model): boolean {
  return model.task === task.models && (task.accepts?.(model) ?? true);
}

/** The task of a model. */
export function taskOf(model: Model): AnyTask {
  return TASKS.find((task) => owns(task, model))!;
}

/** The task that a name and settings ask for; for a model that is there, its own. */
export function taskNamed(
  name: string,
  settings: Partial<RunSettings> = {},
  known?: Model,
): AnyTask {
  const named = TASKS.filter((task) => task.name === name);
  return named.find((task) => known && owns(task, known)) ??
    named.find(({ isAsked }) => isAsked?.(settings)) ?? named[0];
}

/**
 * A model as flags change it for a prediction or an evaluation.
 *
 * @throws {InputError} For a flag that is not for such a model.
 */
export function adjustedModel(model: Model, settings: { threshold?: number }): Model {
  if (settings.threshold === undefined) return model;
  const { adjusted } = taskOf(model);
  if (adjusted) return adjusted(model, settings);
  throw new InputError("--threshold: is for a model that gives texts any number of labels");
}

/** The error for a model of a task that a command cannot use. */
export function wrongModel(path: string, model: Model): InputError {
  const { name, usage } = taskOf(model);
  return new InputError(`${path}: is a model for ${name}; ${usage}`);
}
