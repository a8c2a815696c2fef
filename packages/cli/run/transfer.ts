/**
 * Transfer from a language model: whether a training run uses it, and how it is fine-tuned.
 *
 * @module
 */
import { InputError, isPretrained, type Model, type Pretrained } from "@unroll/core";
import { isTable } from "../files/files.ts";
import type { Given } from "../flags/flags.ts";
import { taskNamed, taskOf, TASKS } from "../tasks/tasks.ts";
import type { TrainSettings } from "./resume.ts";

// Howard and Ruder (2018) also unfreeze one layer per epoch. Their decay of 2.6 lost up to six
// points with language models trained on a few hundred thousand words: see bench/README.md.
const LAYER_DECAY = 1, UNFREEZE_EVERY = 1;

/** Returns the model of --from if a new model takes over from it; undefined if it is continued. */
export function pretrainedOf(
  from: Model | undefined,
  settings: TrainSettings,
): Pretrained | undefined {
  if (!from || !isPretrained(from)) return undefined;
  if (!taskNamed(settings.task ?? TASKS[0].name, settings).takesOver) return undefined;
  if (settings.task !== undefined) return from;
  // A plain text continues the language model; a table has labels.
  return taskOf(from).readsAnyText && settings.data?.every(isTable) ? from : undefined;
}

/** Returns the settings with defaults for fine-tuning. */
export function withFineTuning(settings: TrainSettings, pretrained: Pretrained) {
  return {
    "layer-decay": settings["layer-decay"] ?? LAYER_DECAY,
    "unfreeze-every": settings["unfreeze-every"] ?? UNFREEZE_EVERY,
    pretrained,
  };
}

/**
 * Checks that fine-tuning flags are given only with a trained network.
 *
 * @throws {InputError} If such a flag was typed without --from or --resume.
 */
export function requireTrainedBefore(given: Given, { from, resume }: TrainSettings): void {
  const flag = ["layer-decay", "unfreeze-every"].find((flag) => given.has(flag));
  if (flag === undefined || from !== undefined || resume !== undefined) return;
  throw new InputError(`--${flag}: needs --from MODEL, whose layers were trained before`);
}
