/**
 * The progress of a training run, and whether it still improves.
 *
 * @module
 */
import type { Schedule } from "./schedule.ts";

/** The progress of a training run, in plain numbers, so that it can be saved to a file. */
export interface Progress {
  /** The current epoch, from 1. */
  epoch: number;
  /** The number of its batches done. */
  batches: number;
  /** The total number of steps done. */
  steps: number;
  /** The weighted sum of the losses of this epoch's targets so far. */
  loss: number;
  /** The sum of those weights. */
  weight: number;
  /** The sums of further metrics of those targets by name, such as the number of right ones. */
  sums: Record<string, number>;
  /** The number of those targets. */
  targets: number;
  /** The number of times that the schedule `plateau` has cut the learning rate. */
  cuts: number;
  /** The epochs since the last cut or improvement, as the schedule `plateau` counts them. */
  sinceCut: number;
  /** The best monitored loss: the validation loss, or the training loss without validation. */
  bestLoss: number | null;
  /** The epoch with the best loss; 0 if there is none yet. */
  bestEpoch: number;
  /** The monitored loss at the last improvement, a drop of more than 0.001 from the one before. */
  gainLoss: number | null;
  /** The epoch of the last improvement; 0 if there is none yet. */
  gainEpoch: number;
  /** In a refit, its number of epochs; all other fields then count from the refit's start. */
  refit?: number;
}

/** Returns the progress at the start of a run. */
export function startProgress(): Progress {
  return {
    epoch: 1,
    batches: 0,
    steps: 0,
    loss: 0,
    weight: 0,
    sums: {},
    targets: 0,
    cuts: 0,
    sinceCut: 0,
    bestLoss: null,
    bestEpoch: 0,
    gainLoss: null,
    gainEpoch: 0,
  };
}

/** Starts the next epoch. */
export function nextEpoch(progress: Progress): void {
  const { batches, loss, weight, sums, targets } = startProgress();
  Object.assign(progress, { epoch: progress.epoch + 1, batches, loss, weight, sums, targets });
}

const LEAST_GAIN = 0.001; // nats: a loss that falls by less counts as not improving

/**
 * Records the monitored loss of the finished epoch.
 *
 * @returns Whether it is the best so far.
 */
export function watchLoss(progress: Progress, loss: number, { name, every }: Schedule): boolean {
  if (progress.gainLoss === null || loss < progress.gainLoss - LEAST_GAIN) {
    progress.gainLoss = loss;
    progress.gainEpoch = progress.epoch;
    progress.sinceCut = 0;
  } else if (++progress.sinceCut >= every && name === "plateau") {
    progress.cuts++;
    progress.sinceCut = 0;
  }
  if (progress.bestLoss !== null && loss >= progress.bestLoss) return false;
  progress.bestLoss = loss;
  progress.bestEpoch = progress.epoch;
  return true;
}
