/**
 * A discarded run, which can be restored.
 *
 * @module
 */
import type { Experiment } from "./experiment.ts";
import type { ResumePoint, Training } from "./training.ts";

/** A run without its backend. */
export interface Discarded {
  experiment: Omit<Experiment, "computing">;
  resume: ResumePoint;
  isShipped: boolean;
  /** The number of its epochs. */
  epochs: number;
}

/** Stops a run after the current step, and returns it; undefined for an untrained network. */
export async function discard(training: Training | undefined): Promise<Discarded | undefined> {
  await training?.rest();
  if (!training?.checkpoint) return undefined;
  const { experiment: { computing: _, ...experiment }, checkpoint, changes } = training;
  return {
    experiment,
    resume: { checkpoint, rows: training.history.rows, changes },
    isShipped: training.isShipped,
    epochs: checkpoint.progress.epoch - 1,
  };
}
