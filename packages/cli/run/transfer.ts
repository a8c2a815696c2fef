/**
 * Whether a training takes over from a language model, and how its layers go on to learn.
 *
 * @module
 */
import { InputError, isPretrained, type Model, type Pretrained } from "@unroll/core";
import { isTable } from "../files/files.ts";
import type { Given } from "../flags/flags.ts";
import { taskNamed, taskOf, TASKS } from "../tasks/tasks.ts";
import type { TrainSettings } from "./resume.ts";

// Howard and Ruder (2018) thaw a layer an epoch too. Their decay of 2.6 lost up to six points where the
// language model had read a few hundred thousand words: bench/README.md.
const LAYER_DECAY = 1, UNFREEZE_EVERY = 1;

/** The model of --from, where another is to take over from it; undefined where it goes on itself. */
export function pretrainedOf(
  from: Model | undefined,
  settings: TrainSettings,
): Pretrained | undefined {
  if (!from || !isPretrained(from)) return undefined;
  if (!taskNamed(settings.task ?? TASKS[0].name, settings).takesOver) return undefined;
  if (settings.task !== undefined) return from;
  // A text goes on to be learned; a table has labels.
  return taskOf(from).readsAnyText && settings.data?.every(isTable) ? from : undefined;
}

/** The settings of fine-tuning, where the flags do not say otherwise. */
export function withFineTuning(settings: TrainSettings, pretrained: Pretrained) {
  return {
    "layer-decay": settings["layer-decay"] ?? LAYER_DECAY,
    "unfreeze-every": settings["unfreeze-every"] ?? UNFREEZE_EVERY,
    pretrained,
  };
}

/** Throws for flags about a network that was trained before, where there is none. */
export function requireTrainedBefore(given: Given, { from, resume }: TrainSettings): void {
  const flag = ["layer-decay", "unfreeze-every"].find((flag) => given.has(flag));
  if (flag === undefined || from !== undefined || resume !== undefined) return;
  throw new InputError(`--${flag}: needs --from MODEL, whose layers were trained before`);
}
