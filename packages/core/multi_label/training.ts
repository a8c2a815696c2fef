/**
 * Training of models that give a text any number of labels.
 *
 * @module
 */
import { type NumberGoal, numberTraining } from "../classification/number_training.ts";
import { binaryCrossEntropyLoss, countExact } from "../network/losses/binary_cross_entropy.ts";
import type { SettledOptions } from "../training/settled.ts";
import type { Sets, TrainingTask } from "../training/training_task.ts";
import { countLabels, microOf } from "./counts.ts";
import type { MultiLabelModel } from "./model.ts";

/** What it learns: for each label whether it is there, 1 or 0. */
export function multiLabelGoal(
  { labels: { length }, threshold }: Pick<MultiLabelModel, "labels" | "threshold">,
): NumberGoal {
  const boundary = boundaryOf(threshold);
  return {
    columns: length,
    loss: binaryCrossEntropyLoss,
    targets({ labels }) {
      const targets = new Float64Array(length);
      for (const id of labels) if (id >= 0) targets[id] = 1;
      return targets;
    },
    sums: (outputs, columns, targets) => ({
      exact: countExact(outputs, columns, targets, boundary),
    }),
    figures({ outputs, targets }) {
      const { f1 } = microOf(countLabels(outputs, targets, length, boundary));
      return {
        exact: countExact(outputs, length, targets, boundary) / (targets.length / length),
        f1: Number.isNaN(f1) ? 0 : f1,
      };
    },
  };
}

/** The logit that has a probability: ln(p / (1 - p)). */
export function boundaryOf(threshold: number): number {
  return Math.log(threshold / (1 - threshold));
}

/** The training of a model that gives a text any number of labels. */
export function multiLabelTraining(
  model: MultiLabelModel,
  sets: Sets,
  options: SettledOptions,
): TrainingTask {
  return numberTraining(model, sets, options, multiLabelGoal(model));
}
