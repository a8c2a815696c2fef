/**
 * What the training loop asks of a task: its batches, its steps, its loss and its measures.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { Loss } from "../network/loss.ts";
import type { Weights } from "../network/weights.ts";
import type { Random } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import type { EncodedExample } from "./encoded.ts";
import type { RateOf } from "./fine_tuning.ts";
import type { Metrics } from "./metrics.ts";
import type { Clipping, SettledOptimizer } from "./optimizer.ts";
import type { Step, Trained } from "./step.ts";

/** The examples of a training. */
export interface Sets<Encoded = EncodedExample> {
  /** The training examples. */
  examples: Sequence<Encoded>;
  /** The validation examples, which choose the best epoch. */
  validation: Sequence<Encoded>;
  /** The test examples, which are only measured. */
  test: Sequence<Encoded>;
}

/** How some steps are made. */
export interface StepsSettings {
  /** The optimizer, whole. */
  optimizer: SettledOptimizer;
  /** How gradients are clipped. */
  clipping: Clipping;
  /** η of each step; there are as many steps. */
  learningRates: readonly number[];
  /** The number of the first, from 1. */
  t: number;
  /** The seed of dropout and of whatever else is drawn. */
  seed: number;
  /** How each weight is moved, where not all are moved alike. */
  rateOf?: RateOf;
}

/** The batches of an epoch, in their order. */
export interface Epoch {
  /** How many examples each has; of a language model, how many symbols. */
  sizes: readonly number[];
  /** Makes a step on each of some batches, from `first` on. Consumes weights and slots. */
  steps(
    trained: Trained<Tensor>,
    first: number,
    settings: StepsSettings,
  ): Step | Promise<Step>;
}

/** How good some weights are; a measure of many examples gives the caller a turn now and then. */
export type Measure = (
  weights: Weights<Tensor>,
) => Promise<Metrics> | AsyncGenerator<void, Metrics>;

/** What a generator that is run to its end gives. */
export async function resultOf<T>(steps: AsyncGenerator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

/** A task in training on a device. */
export interface TaskRun {
  /** The batches of an epoch, drawn in a random order if a generator is given. */
  epoch(order?: Random): Epoch;
  /** The loss, for the figures of a step. */
  loss: Pick<Loss<unknown>, "sums">;
  /** How many steps may be made in one call. */
  stepsPerCall: number;
  /** What each label's losses weigh; without, all the same. */
  labelWeights?: readonly number[];
  /** On the validation examples, if there are any. */
  validation?: Measure;
  /** On the test examples, if there are any. */
  test?: Measure;
  /** What goes from batch to batch besides the weights. */
  carriedState(): Weights<Tensor>;
  /** Frees what it has on the device. */
  dispose(): void;
}

/** A task to train, its examples read and checked, before it is on a device. */
export interface TrainingTask {
  /** A checksum of the examples, which reads all of them. */
  readonly checksum: number;
  /**
   * Puts it on a device.
   *
   * @param carriedState Where an epoch is resumed, what went from batch to batch.
   */
  begin(ops: Ops, carriedState?: Weights<FloatArray>): TaskRun;
}
