/**
 * The networks that a session can start from: an untrained network, a model file, the trained
 * network shipped with the page, or the run that the browser saved.
 *
 * @module
 */
import { type Model, readModel } from "@unroll/core/texts";
import type { Settings } from "../settings.ts";
import type { ShippedFile } from "../shipped_file.ts";
import { taskOf } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import { CORE } from "./core.ts";
import type { Experiment } from "./experiment.ts";
import { setFor, settingsOfModel } from "./opened.ts";
import type { OwnData } from "./own_data.ts";
import { dataOf, partsOf } from "./run_data.ts";
import { restoreRun } from "./saved_run.ts";
import { shippedFor } from "./shipped.ts";
import type { Begun } from "./training.ts";

/** A network to start from, without a backend yet. */
export interface Beginning {
  network: Omit<Experiment, "computing">;
  begun?: Begun;
  /** The user's data from now on. Default: the current data stay. */
  own?: OwnData;
}

/** Creates an untrained network for the settings, or resets an opened one to its file's weights. */
export async function untrained(
  settings: Settings,
  own: OwnData | undefined,
  file: Experiment | undefined,
): Promise<Beginning> {
  const data = await dataOf(settings, own), parts = partsOf(data, settings);
  const model: Model = file
    ? { ...file.model, weights: file.before }
    : taskOf(settings).create(CORE, settings, parts.train, data.train.length > 1);
  return { network: { settings, model, before: model.weights, parts, opened: file?.opened } };
}

/** Reads a network from a file, for predictions or further training. */
export async function fromFile(
  file: { source: Blob; name: string },
  before: Settings,
  own: OwnData | undefined,
): Promise<Beginning> {
  const { source, name } = file, model = await readModel(source, name);
  if (model.ensemble) throw new Error(words.problems.ensemble(name));
  const there = own && { data: await dataOf(before, own), task: before.task };
  const fitting = await setFor(model, before.set === "own" ? there : undefined);
  const settings = { ...settingsOfModel(model, before), set: fitting ?? "own" };
  const none = fitting === undefined ? { train: [], test: [], name } : undefined;
  const parts = partsOf(await dataOf(settings, none ?? own), settings);
  return { network: { settings, model, before: model.weights, parts, opened: name }, own: none };
}

/** Loads the trained network shipped with the page, if the settings match it. */
export async function fromShipped(
  settings: Settings,
  file: ShippedFile | undefined,
): Promise<Beginning | undefined> {
  const resume = await shippedFor(settings, file);
  if (!resume) return undefined;
  const parts = partsOf(await dataOf(settings, undefined), settings);
  const { weights: before } = taskOf(settings).create(CORE, settings, parts.train, true);
  const model = resume.checkpoint.model as Model;
  return { network: { settings, model, before, parts }, begun: { resume, isShipped: true } };
}

/** Loads the run that the browser saved, paused; throws if there is none. */
export async function fromSaved(there: OwnData | undefined): Promise<Beginning> {
  const restored = await restoreRun();
  if (!restored) throw new Error(words.problems.nothingKept);
  const { own, resume, ...network } = restored, { settings } = network;
  const parts = partsOf(await dataOf(settings, own ?? there), settings);
  return { network: { ...network, parts }, begun: { resume }, own };
}
