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

/** All tasks; the first is the default. */
export const TASKS: readonly AnyTask[] = [
  classification,
  multiLabel, // before tagging, whose head it refuses
  tagging,
  languageModel,
  generateFromLabel,
  translation,
  regression,
  forecast,
  seriesClassification,
  seriesRegression,
];

/** The values of `--task`. */
export const TASK_NAMES: readonly string[] = [...new Set(TASKS.map(({ name }) => name))];

/** Returns whether a model belongs to a task. */
export function owns(task: AnyTask, model: Model): boolean {
  return model.task === task.models && (task.accepts?.(model) ?? true);
}

/** Returns the task of a model. */
export function taskOf(model: Model): AnyTask {
  return TASKS.find((task) => owns(task, model))!;
}

/** Returns the task that a name and settings select; for an existing model, its own. */
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
 * Returns a model changed by flags of predict or evaluate.
 *
 * @throws {InputError} If a flag does not apply to such a model.
 */
export function adjustedModel(model: Model, settings: { threshold?: number }): Model {
  if (settings.threshold === undefined) return model;
  const { adjusted } = taskOf(model);
  if (adjusted) return adjusted(model, settings);
  throw new InputError("--threshold: is for a multi-label model");
}

/** Returns the error for a model that a command cannot use. */
export function wrongModel(path: string, model: Model): InputError {
  const { name, usage } = taskOf(model);
  return new InputError(`${path}: is a model for ${name}; ${usage}`);
}
