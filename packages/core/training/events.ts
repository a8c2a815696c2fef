/**
 * What training says of itself.
 *
 * @module
 */
import type { AnyModel } from "../model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Metrics } from "./metrics.ts";

/** What happens in training. */
export type TrainEvent<M extends AnyModel = AnyModel> =
  | {
    /** Some steps were made, about ten times a second: the moment to draw, or to let others run. */
    type: "progress";
    /** The epoch under way, from 1. */
    epoch: number;
    /** How many examples of it are done; of a language model, how many symbols. */
    done: number;
    /** How many it has. */
    of: number;
    /** There where it is an epoch of the refit. */
    refit?: true;
  }
  | {
    /** An epoch is over. */
    type: "epoch";
    /** The epoch, from 1. */
    epoch: number;
    /** Over the training examples, each measured just before its step, under dropout if any. */
    train: Metrics;
    /** Over the validation examples, after the epoch. */
    validation?: Metrics;
    /** Over the held-out examples, after the epoch. */
    test?: Metrics;
    /** The learning rate of its last step. */
    learningRate: number;
    /** Whether the model has this epoch's weights now: always, save where validation was worse. */
    kept: boolean;
    /** There where it is an epoch of the refit. */
    refit?: true;
  }
  | {
    /**
     * The refit begins: the model has the weights that did best on the validation examples, which it
     * has not learned yet. What is to be measured on them, or chosen by them, is measured now.
     */
    type: "refit";
    /** How many epochs it has. */
    epochs: number;
    /** How many examples there are to learn: the training examples and the validation examples. */
    examples: number;
    /** There where further networks of an ensemble follow: then nothing is measured or chosen yet. */
    isPart?: true;
  }
  | {
    /** A network of an ensemble begins. */
    type: "network";
    /** Its number, from 1. */
    network: number;
    /** How many there are. */
    of: number;
    /** Its seed. */
    seed: number;
  }
  | {
    /** The moment to save; see `checkpointEvery`. */
    type: "checkpoint";
    /** All that is needed to go on. */
    checkpoint: Checkpoint<M>;
  }
  | {
    /** Training ended before its last epoch, and the model has its weights. */
    type: "stopped";
    /** On request, or as nothing has become better for long enough. */
    reason: "request" | "patience";
    /** The epoch, from 1. */
    epoch: number;
    /** How many examples of it are done; of a language model, how many symbols. */
    done: number;
    /** The epoch whose weights the model has, where validation chose; else none. */
    best?: number;
  };

/** Training ended before its last epoch. */
export function stopped(
  reason: "request" | "patience",
  epoch: number,
  done: number,
  best: number | undefined,
): Extract<TrainEvent, { type: "stopped" }> {
  return { type: "stopped", reason, epoch, done, best };
}
