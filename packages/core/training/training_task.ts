/**
 * What the training loop needs from a task: batches, steps, the loss and metrics.
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

/** The encoded examples of a training run. */
export interface Sets<Encoded = EncodedExample> {
  /** The training examples. */
  examples: Sequence<Encoded>;
  /** The validation examples, which determine the best epoch. */
  validation: Sequence<Encoded>;
  /** The test examples, which are only measured. */
  test: Sequence<Encoded>;
}

/** Settings of some successive steps. */
export interface StepsSettings {
  /** The optimizer, with all its options. */
  optimizer: SettledOptimizer;
  /** How gradients are clipped. */
  clipping: Clipping;
  /** The learning rate η of each step; its length is the number of steps. */
  learningRates: readonly number[];
  /** The number of the first step, from 1. */
  t: number;
  /** The seed of dropout and all other random numbers. */
  seed: number;
  /** How each weight is updated, if not all in the same way. */
  rateOf?: RateOf;
}

/** The batches of an epoch, in their order. */
export interface Epoch {
  /** The number of examples in each batch; for a language model, the number of symbols. */
  sizes: readonly number[];
  /** Runs a step on each of some batches, starting at `first`. Consumes weights and slots. */
  steps(
    trained: Trained<Tensor>,
    first: number,
    settings: StepsSettings,
  ): Step | Promise<Step>;
}

/** Measures weights; with many examples, yields regularly so that other code can run. */
export type Measure = (
  weights: Weights<Tensor>,
) => Promise<Metrics> | AsyncGenerator<void, Metrics>;

/** Runs a generator to its end, and returns its result. */
export async function resultOf<T>(steps: AsyncGenerator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

/** A task in training on a device. */
export interface TaskRun {
  /** Draws the batches of an epoch, in random order if a generator is given. */
  epoch(order?: Random): Epoch;
  /** The loss, for the metrics of a step. */
  loss: Pick<Loss<unknown>, "sums">;
  /** The maximum number of steps per call. */
  stepsPerCall: number;
  /** The weight of each label's losses. Default: equal weights. */
  labelWeights?: readonly number[];
  /** Measures the validation examples, if there are any. */
  validation?: Measure;
  /** Measures the test examples, if there are any. */
  test?: Measure;
  /** Returns the state that carries over from batch to batch besides the weights. */
  carriedState(): Weights<Tensor>;
  /** Frees its memory on the device. */
  dispose(): void;
}

/** A training run whose examples are read and checked, before it is on a device. */
export interface TrainingTask {
  /** A checksum of the examples, which reads all of them. */
  readonly checksum: number;
  /**
   * Starts the run on a device.
   *
   * @param carriedState The carried state, if a run is resumed within an epoch.
   */
  begin(ops: Ops, carriedState?: Weights<FloatArray>): TaskRun;
}
