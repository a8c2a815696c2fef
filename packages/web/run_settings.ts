/**
 * What the settings mean for a run: which of them apply, and the training options for core.
 *
 * @module
 */
import type { TrainOptions } from "@unroll/core/texts";
import { hasActivations } from "./network_settings.ts";
import type { FieldName, Settings } from "./settings.ts";
import { hasField } from "./tasks/tasks.ts";

/** Returns whether a setting has an effect, given the others. */
export function matters(settings: Settings, name: FieldName): boolean {
  if (name === "activation") return hasActivations(settings);
  if (name === "patience") return settings.validation > 0;
  if (name === "stripHtml") return settings.set === "own";
  return hasField(settings, name);
}

/** Returns the training options for core. */
export function trainingOf(settings: Settings, hasValidation: boolean): TrainOptions {
  const { optimizer, learningRate, batchSize, epochs, clip, clipNorm, patience, seed } = settings;
  const { schedule, timeSteps } = settings;
  return {
    epochs,
    batchSize,
    learningRate,
    optimizer: { name: optimizer },
    schedule: { name: schedule },
    timeSteps: hasField(settings, "timeSteps") ? timeSteps : undefined,
    clip: clip || Infinity,
    clipNorm: clipNorm || Infinity,
    patience: hasValidation && patience > 0 ? patience : undefined,
    seed,
  };
}
