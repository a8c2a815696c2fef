/**
 * A run as the browser saves it, and back.
 *
 * @module
 */
import {
  type Model,
  readCheckpoint,
  readModel,
  writeCheckpoint,
  writeModel,
} from "@unroll/core/texts";
import type { EpochRow } from "../protocol.ts";
import { currentSettings } from "../tasks/tasks.ts";
import type { ResumePoint, Training } from "./training.ts";
import { loadRun, type OwnData, storeRun } from "./store.ts";

/** Saves a run, if there is anything to resume from. */
export async function saveRun(
  { experiment, checkpoint, history }: Training,
  own?: OwnData,
): Promise<void> {
  if (!checkpoint) return;
  const { settings, model, before, opened } = experiment;
  await storeRun({
    settings,
    checkpoint: writeCheckpoint(checkpoint, { rows: history.rows }),
    before: writeModel({ ...model, weights: before }),
    own: settings.set === "own" ? own : undefined,
    opened,
    epoch: checkpoint.progress.epoch - 1,
    savedAt: Date.now(),
  });
}

/** What was saved. */
export interface Restored extends Pick<Training["experiment"], "settings" | "before" | "opened"> {
  model: Model;
  resume: ResumePoint;
  own?: OwnData;
}

/** The run that was saved last, if there is one. */
export async function restoreRun(): Promise<Restored | undefined> {
  const stored = await loadRun();
  if (!stored) return undefined;
  const { own, opened } = stored, settings = currentSettings(stored.settings);
  const { checkpoint, notes } = await readCheckpoint(new Blob([stored.checkpoint]), "run");
  const before = await readModel(new Blob([stored.before]), "run");
  const { rows = [] } = (notes ?? {}) as { rows?: EpochRow[] };
  const model = { ...checkpoint.model, weights: checkpoint.best ?? checkpoint.model.weights };
  return { settings, own, opened, before: before.weights, model, resume: { checkpoint, rows } };
}
