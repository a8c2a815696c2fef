/**
 * The settings of a resumed run: those of its checkpoint, except the ones of this command only.
 *
 * @module
 */
import { type Checkpoint, InputError, type Model, quote } from "@unroll/core";
import { parseValue } from "../flags/arguments.ts";
import { BACKEND_FLAGS } from "../backends.ts";
import type { Flag, Given, Values } from "../flags/flags.ts";
import { RUN_FLAGS } from "../flags/run_flags.ts";
import { taskOf } from "../tasks/tasks.ts";
import { OUTPUT_FLAGS, TASK_FLAG, TRAIN_FLAGS } from "./train_flags.ts";

/** The values of all flags of the train command. */
export type TrainSettings = Values<typeof TRAIN_FLAGS>;

/** What the train command stores about a run in its checkpoints, without the output paths. */
export interface Notes {
  /** The settings of the run. */
  settings: object;
  /** The data type of its computations. */
  dtype: TrainSettings["dtype"];
  /** The path from the checkpoint's folder to the folder that its relative paths start from. */
  folder?: string;
}

/** Returns the notes to save with a checkpoint. */
export function notesOf(
  { out: _, report: _r, checkpoint: _c, resume: _f, json: _j, dtype, ...settings }: TrainSettings,
  folder: string,
): Notes {
  return { settings, dtype, folder };
}

/**
 * Returns the settings to resume with: the typed ones where they may differ from the run's, and the
 * run's for all others.
 *
 * @throws {InputError} If the notes are not those of a run, or a flag was typed with a value that
 *   differs from the run's.
 */
export function resumedSettings(
  typed: TrainSettings,
  given: Given,
  checkpoint: Checkpoint<Model>,
  notes: unknown,
): { settings: TrainSettings; folder?: string } {
  const saved = savedSettings(typed.resume!, notes);
  const settled = { ...settledBy(checkpoint), ...withoutMissing(saved) };
  for (const name of [...Object.keys({ ...TASK_FLAG, ...RUN_FLAGS }), "dtype"]) {
    const value = typed[name as keyof TrainSettings];
    const before = settled[name as keyof TrainSettings];
    if (name === "epochs" || !given.has(name) || isSame(value, before)) continue;
    const has = before === undefined
      ? ", whose run started without it"
      : ` as ${quote(String(before))}`;
    throw new InputError(
      `--${name}: is fixed by the checkpoint of --resume${has}, got ` +
        `${quote(String(value))}; leave it out`,
    );
  }
  const { resume, out, report, json } = typed;
  const settings = { ...saved, resume, out, report, json } as Record<string, unknown>;
  for (const name of ["epochs", ...Object.keys(OUTPUT_FLAGS), ...Object.keys(BACKEND_FLAGS)]) {
    if (given.has(name)) settings[name] = typed[name as keyof TrainSettings];
  }
  const { folder } = notes as Notes;
  return {
    settings: settings as unknown as TrainSettings,
    folder: typeof folder === "string" ? folder : undefined,
  };
}

function isSame(value: unknown, before: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(before);
}

// Flags that are read from the command line only, never from a checkpoint.
const TYPED = ["out", "report", "checkpoint", "resume", "json"];

/** Returns the settings in a checkpoint's notes, each checked by its flag's parser. */
function savedSettings(path: string, notes: unknown): TrainSettings {
  const { settings, dtype } = Object(notes) as { [key in keyof Notes]?: unknown };
  if (typeof settings !== "object" || settings === null) {
    throw new InputError(
      `${path}: was not written by deno task train --checkpoint; give a folder that was`,
    );
  }
  const saved: Record<string, unknown> = { ...settings, dtype };
  const values = Object.entries(TRAIN_FLAGS).map(([name, flag]: [string, Flag<unknown>]) => {
    const isSaved = Object.hasOwn(saved, name) && !TYPED.includes(name);
    const value = isSaved ? renamed(name, saved[name]) : undefined;
    if (value === undefined || value === null) return [name, flag.default];
    if (flag.value === undefined) return [name, value === true];
    try {
      if (flag.isList) { // earlier versions stored a single value
        const texts = [value].flat();
        if (texts.length > 0 && texts.every((text) => typeof text === "string")) {
          return [name, texts.flatMap((text) => parseValue(name, flag.parse, text))];
        }
      }
      if (!flag.isList && parseValue(name, flag.parse, String(value)) === value) {
        return [name, value];
      }
    } catch { /* It is named below. */ }
    throw new InputError(
      `${path}: the checkpoint has a damaged setting, --${name}; start the training again`,
    );
  });
  return Object.fromEntries(values) as TrainSettings;
}

// Names of flag values in checkpoints of earlier versions.
const RENAMED: Record<string, Record<string, string>> = { init: { article: "tiny" } };

function renamed(flag: string, value: unknown): unknown {
  const names = RENAMED[flag];
  return names && typeof value === "string" && Object.hasOwn(names, value) ? names[value] : value;
}

function withoutMissing(saved: TrainSettings): Partial<TrainSettings> {
  return Object.fromEntries(Object.entries(saved).filter(([, value]) => value !== undefined));
}

/** Returns the settings that the run chose itself, from its checkpoint. */
function settledBy({ model, options }: Checkpoint<Model>): Partial<Record<string, unknown>> {
  const { config } = model;
  const { optimizer, schedule } = options;
  return {
    ...config,
    bidirectional: config.bidirectional ? "yes" : "no",
    ...taskOf(model).settles?.(model),
    "batch-size": options.batchSize,
    "time-steps": options.timeSteps ?? undefined,
    "teacher-forcing": options.teacherForcing,
    "learning-rate": options.learningRate,
    "optimizer": optimizer.name,
    "momentum": optimizer.momentum,
    "weight-decay": optimizer.weightDecay,
    "sparse": !optimizer.dense,
    "schedule": schedule.name,
    "schedule-every": schedule.every,
    "schedule-factor": schedule.factor,
    "warm-up": schedule.warmUp,
    "clip": options.clip ?? "none",
    "clip-norm": options.clipNorm ?? "none",
    "patience": options.patience ?? undefined,
    "layer-decay": options.fineTuning?.layerDecay,
    "unfreeze-every": options.fineTuning?.unfreezeEvery,
    "thaw-vectors": options.fineTuning?.thawEmbedding,
    "no-refit": !options.refit,
  };
}
