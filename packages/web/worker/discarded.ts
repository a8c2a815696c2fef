/**
 * A run that was discarded, so that it can come back.
 *
 * @module
 */
import type { Experiment } from "./experiment.ts";
import type { ResumePoint, Training } from "./training.ts";

/** All of a run but what it computes with. */
export interface Discarded {
  experiment: Omit<Experiment, "computing">;
  resume: ResumePoint;
  isShipped: boolean;
  /** How many epochs it has. */
  epochs: number;
}

/** A run as it is after the step under way; none of a network that has not learned yet. */
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
