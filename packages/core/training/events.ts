/**
 * The events that training emits.
 *
 * @module
 */
import type { AnyModel } from "../model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Metrics } from "./metrics.ts";

/** An event of a training run. */
export type TrainEvent<M extends AnyModel = AnyModel> =
  | {
    /** Progress, about ten times a second: time to update a display, or to let other code run. */
    type: "progress";
    /** The current epoch, from 1. */
    epoch: number;
    /** The number of examples done in the epoch; for a language model, of symbols. */
    done: number;
    /** The number of examples, or of symbols, in the epoch. */
    of: number;
    /** Present if this is an epoch of the refit. */
    refit?: true;
  }
  | {
    /** An epoch is over. */
    type: "epoch";
    /** The epoch, from 1. */
    epoch: number;
    /** Training metrics: each example is measured just before its step, with dropout if any. */
    train: Metrics;
    /** Validation metrics after the epoch. */
    validation?: Metrics;
    /** Test metrics after the epoch. */
    test?: Metrics;
    /** The learning rate of its last step. */
    learningRate: number;
    /** Whether the model now has this epoch's weights: always, unless validation was worse. */
    kept: boolean;
    /** Present if this is an epoch of the refit. */
    refit?: true;
  }
  | {
    /**
     * The refit begins: the model has the weights with the lowest validation loss, and was not yet
     * trained on the validation examples. Measure or choose anything that depends on these now.
     */
    type: "refit";
    /** The number of epochs of the refit. */
    epochs: number;
    /** The number of examples: training and validation examples together. */
    examples: number;
    /** Present if more networks of an ensemble follow: do not measure or choose anything yet. */
    isPart?: true;
  }
  | {
    /** A network of an ensemble begins. */
    type: "network";
    /** Its number, from 1. */
    network: number;
    /** The number of networks. */
    of: number;
    /** Its seed. */
    seed: number;
  }
  | {
    /** A checkpoint to save; see `checkpointEvery`. */
    type: "checkpoint";
    /** Everything that is needed to resume. */
    checkpoint: Checkpoint<M>;
  }
  | {
    /** Training ended before its last epoch; the model has its final weights. */
    type: "stopped";
    /** By request, or early stopping. */
    reason: "request" | "patience";
    /** The epoch, from 1. */
    epoch: number;
    /** The number of examples done in the epoch; for a language model, of symbols. */
    done: number;
    /** The epoch whose weights the model has, if validation chose it; otherwise missing. */
    best?: number;
  };

/** Creates the event that training ended before its last epoch. */
export function stopped(
  reason: "request" | "patience",
  epoch: number,
  done: number,
  best: number | undefined,
): Extract<TrainEvent, { type: "stopped" }> {
  return { type: "stopped", reason, epoch, done, best };
}
