/**
 * How far training is, and whether it still gains.
 *
 * @module
 */
import type { Schedule } from "./schedule.ts";

/** How far training is. Plain numbers, so that they survive a file. */
export interface Progress {
  /** The epoch under way, from 1. */
  epoch: number;
  /** How many of its batches are done. */
  batches: number;
  /** How many steps were made in all. */
  steps: number;
  /** The losses of this epoch's targets so far, each times its weight, summed. */
  loss: number;
  /** The sum of those weights. */
  weight: number;
  /** The further figures of those targets by name, summed, such as how many it got right. */
  sums: Record<string, number>;
  /** How many there were. */
  targets: number;
  /** How often the schedule `plateau` has cut the learning rate. */
  cuts: number;
  /** The epochs without a gain since the last cut or gain, as the schedule counts them. */
  sinceCut: number;
  /** The best watched loss: on the validation examples, else on the training examples. */
  bestLoss: number | null;
  /** The epoch that had it; 0 for none. */
  bestEpoch: number;
  /** The watched loss at the last gain: where it was notably better than at the gain before. */
  gainLoss: number | null;
  /** The epoch of the last gain; 0 for none. */
  gainEpoch: number;
  /** In the refit, how many epochs it has; all others count from its beginning then. */
  refit?: number;
}

/** Where a run begins. */
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

/** Begins the next epoch. */
export function nextEpoch(progress: Progress): void {
  const { batches, loss, weight, sums, targets } = startProgress();
  Object.assign(progress, { epoch: progress.epoch + 1, batches, loss, weight, sums, targets });
}

const LEAST_GAIN = 0.001; // nats: a loss that only creeps on has settled

/**
 * Notes the watched loss of the epoch that is over.
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
