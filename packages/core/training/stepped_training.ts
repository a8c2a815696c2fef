/**
 * Trainings that make a step at a time, and leave nothing else on the device.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Weights } from "../network/weights.ts";
import type { Random } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import type { Metrics } from "./metrics.ts";
import type { Step, Trained } from "./step.ts";
import type { Measure, Sets, StepsSettings, TaskRun, TrainingTask } from "./training_task.ts";

/** How one step is made. */
export type StepSettingsOf = Omit<StepsSettings, "learningRates"> & { learningRate: number };

/** The batches of an epoch. */
export interface DrawnBatches<Batch> {
  /** How many examples each has. */
  sizes: readonly number[];
  /** The batch at a place. */
  at(place: number): Batch;
}

/** What one such training has that another has not. */
export interface SteppedTraining<Encoded, Batch> extends Pick<TaskRun, "loss" | "labelWeights"> {
  /** A checksum of the examples. */
  checksum(): number;
  /** The batches of an epoch, in a random order if a generator is given. */
  draw(order?: Random): DrawnBatches<Batch>;
  /** How good some weights are on examples. */
  measure(
    ops: Ops,
    weights: Weights<Tensor>,
    set: Sequence<Encoded>,
  ): AsyncGenerator<void, Metrics>;
  /** A step on a batch. Consumes weights and slots. */
  step(ops: Ops, trained: Trained<Tensor>, batch: Batch, settings: StepSettingsOf): Step;
}

/** A training that makes a step at a time. */
export function steppedTraining<Encoded, Batch>(
  { validation, test }: Pick<Sets<Encoded>, "validation" | "test">,
  { checksum, draw, measure, step, ...own }: SteppedTraining<Encoded, Batch>,
): TrainingTask {
  return {
    get checksum() {
      return checksum();
    },
    begin(ops) {
      const measureOf = (set: Sequence<Encoded>): Measure | undefined =>
        set.length === 0 ? undefined : (weights) => measure(ops, weights, set);
      return {
        ...own,
        validation: measureOf(validation),
        test: measureOf(test),
        stepsPerCall: 1,
        epoch(order) {
          const batches = draw(order);
          return {
            sizes: batches.sizes,
            steps: (trained, first, { learningRates: [learningRate], ...settings }) =>
              step(ops, trained, batches.at(first), { ...settings, learningRate }),
          };
        },
        carriedState: () => ({}),
        dispose() {},
      };
    },
  };
}
