/**
 * What the training loop asks of a task: its batches, its steps and its measures.
 *
 * @module
 */
import type { FloatArray, Tensor } from "../backend.ts";
import type { Metrics } from "../classification/evaluate.ts";
import type { EncodedExample } from "../model.ts";
import type { Weights } from "../network/config.ts";
import type { Clipping, OptimizerOptions } from "./optimizer.ts";
import type { Ops } from "../ops/checked_ops.ts";
import type { Random } from "../random.ts";
import type { Step, Trained } from "./step.ts";

/** The examples of a training. */
export interface Sets {
  /** Those it learns. */
  examples: readonly EncodedExample[];
  /** Those it chooses by. */
  validation: readonly EncodedExample[];
  /** Those it only measures. */
  test: readonly EncodedExample[];
}

/** How some steps are made. */
export interface StepsSettings {
  /** The optimiser, whole. */
  optimizer: Required<OptimizerOptions>;
  /** How gradients are kept small. */
  clipping: Clipping;
  /** η of each step; there are as many steps. */
  rates: readonly number[];
  /** The number of the first, from 1. */
  t: number;
  /** The seed of dropout and of whatever else is drawn. */
  seed: number;
}

/** The batches of an epoch, in their order. */
export interface Epoch {
  /** How many examples each has; of a language model, how many symbols. */
  sizes: readonly number[];
  /** Makes a step on each of some batches, from `first` on. Consumes what is trained. */
  steps(
    trained: Trained<Tensor>,
    first: number,
    settings: StepsSettings,
  ): Step | Promise<Step>;
}

/** How good some weights are. */
export type Measure = (weights: Weights<Tensor>) => Promise<Metrics>;

/** A task on a device. */
export interface Learner {
  /** The batches of an epoch, drawn in a random order if a generator is given. */
  epoch(order?: Random): Epoch;
  /** How many steps may be made at once. */
  atOnce: number;
  /** What each label's losses count; without, all the same. */
  labelWeights?: readonly number[];
  /** On the validation examples, if there are any. */
  validation?: Measure;
  /** On the held-out examples, if there are any. */
  test?: Measure;
  /** What goes from batch to batch besides the weights. */
  carried(): Weights<Tensor>;
  /** Frees what it has on the device. */
  dispose(): void;
}

/** A task, its examples read and checked, before it is on a device. */
export interface Lesson {
  /** A checksum of what is learnt. */
  sum: number;
  /**
   * Puts it on a device.
   *
   * @param carried Where an epoch is gone on with, what went from batch to batch.
   */
  begin(ops: Ops, carried?: Weights<FloatArray>): Learner;
}
