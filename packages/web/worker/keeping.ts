/**
 * A training as the browser keeps it, and back.
 *
 * @module
 */
import { type Model, readCheckpoint, readModel, writeCheckpoint, writeModel } from "@unroll/core";
import type { EpochRow } from "../protocol.ts";
import type { Kept, Training } from "./training.ts";
import { loadRun, type OwnData, storeRun } from "./store.ts";

/** Keeps a training, if there is anything to go on from. */
export async function keep({ held, checkpoint, history }: Training, own?: OwnData): Promise<void> {
  if (!checkpoint) return;
  const { settings, model, before, opened } = held;
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

/** What was kept. */
export interface Restored extends Pick<Training["held"], "settings" | "before" | "opened"> {
  model: Model;
  kept: Kept;
  own?: OwnData;
}

/** The training that was kept last, if there is one. */
export async function restore(): Promise<Restored | undefined> {
  const stored = await loadRun();
  if (!stored) return undefined;
  const { settings, own, opened } = stored;
  const { checkpoint, notes } = await readCheckpoint(new Blob([stored.checkpoint]), "run");
  const before = await readModel(new Blob([stored.before]), "run");
  const { rows = [] } = (notes ?? {}) as { rows?: EpochRow[] };
  const model = { ...checkpoint.model, weights: checkpoint.best ?? checkpoint.model.weights };
  return { settings, own, opened, before: before.weights, model, kept: { checkpoint, rows } };
}
