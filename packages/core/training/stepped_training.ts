/**
 * Training tasks that run one step per call, and keep nothing else on the device.
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

/** Settings of one step. */
export type StepSettingsOf = Omit<StepsSettings, "learningRates"> & { learningRate: number };

/** The batches of an epoch. */
export interface DrawnBatches<Batch> {
  /** The number of examples in each batch. */
  sizes: readonly number[];
  /** Returns the batch at an index. */
  at(place: number): Batch;
}

/** The parts in which such training tasks differ. */
export interface SteppedTraining<Encoded, Batch> extends Pick<TaskRun, "loss" | "labelWeights"> {
  /** Computes a checksum of the examples. */
  checksum(): number;
  /** Draws the batches of an epoch, in random order if a generator is given. */
  draw(order?: Random): DrawnBatches<Batch>;
  /** Measures how well a model with these weights does on examples. */
  measure(
    ops: Ops,
    weights: Weights<Tensor>,
    set: Sequence<Encoded>,
  ): AsyncGenerator<void, Metrics>;
  /** Runs a step on a batch. Consumes weights and slots. */
  step(ops: Ops, trained: Trained<Tensor>, batch: Batch, settings: StepSettingsOf): Step;
}

/** Creates a training task that runs one step per call. */
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
