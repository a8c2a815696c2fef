/**
 * Saving a run in the browser, and restoring it.
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
import type { EpochRow, LiveChange } from "../run_protocol.ts";
import { currentSettings } from "../tasks/tasks.ts";
import type { ResumePoint, Training } from "./training.ts";
import { shared as words } from "../words/shared.ts";
import { forgetRun, loadRun, type OwnData, storeRun } from "./store.ts";

/** Saves a run, if there is a checkpoint to resume from. */
export async function saveRun(
  { experiment, checkpoint, history, changes, isShipped }: Training,
): Promise<void> {
  if (!checkpoint || isShipped) return;
  const { settings, model, before, opened, own } = experiment;
  await storeRun({
    settings,
    checkpoint: writeCheckpoint(checkpoint, { rows: history.rows, changes }),
    before: writeModel({ ...model, weights: before }),
    own,
    opened,
    epoch: checkpoint.progress.epoch - 1,
    savedAt: Date.now(),
  });
}

/** A restored run. */
export interface Restored extends Pick<Training["experiment"], "settings" | "before" | "opened"> {
  model: Model;
  resume: ResumePoint;
  own?: OwnData;
}

/** Restores the newest saved run, if there is one, and removes it: it now belongs to this tab. */
export async function restoreRun(): Promise<Restored | undefined> {
  const found = await loadRun();
  if (!found) return undefined;
  const { own, opened, ...stored } = found.run, settings = currentSettings(stored.settings);
  const { checkpoint, notes } = await readCheckpoint(new Blob([stored.checkpoint]), "run");
  const before = await readModel(new Blob([stored.before]), "run");
  const { rows = [], changes } = (notes ?? {}) as { rows?: EpochRow[]; changes?: LiveChange[] };
  const model = { ...checkpoint.model, weights: checkpoint.best ?? checkpoint.model.weights };
  const resume = { checkpoint, rows, changes };
  await forgetRun(found.key);
  return { settings, own, opened, before: before.weights, model, resume };
}

/** Returns why a run could not be saved, for the user. */
export function reasonOf({ name, message }: Error): string {
  return name === "QuotaExceededError" ? words.notSaved.noRoom : words.notSaved.other(message);
}
