/**
 * Training of multi-label models.
 *
 * @module
 */
import { type NumberGoal, numberTraining } from "../classification/number_training.ts";
import {
  binaryCrossEntropyLoss,
  countExact,
  weightedBinaryCrossEntropyLoss,
} from "../network/losses/binary_cross_entropy.ts";
import { settleLabelWeights } from "../classification/label_weights.ts";
import type { EncodedSet } from "../training/encoded.ts";
import type { SettledOptions } from "../training/settled.ts";
import type { Sets, TrainingTask } from "../training/training_task.ts";
import { countLabels, microOf } from "./counts.ts";
import { type MultiLabelModel, thresholdsOf } from "./model.ts";

/** Returns the objective: a target for each label, 1 if the example has it, else 0. */
export function multiLabelGoal(
  model: Pick<MultiLabelModel, "labels" | "threshold" | "thresholds">,
): NumberGoal {
  const { length } = model.labels, boundaries = boundariesOf(model);
  return {
    columns: length,
    loss: binaryCrossEntropyLoss,
    targets({ labels }) {
      const targets = new Float64Array(length);
      for (const id of labels) if (id >= 0) targets[id] = 1;
      return targets;
    },
    sums: (outputs, columns, targets) => ({
      exact: countExact(outputs, columns, targets, boundaries),
    }),
    figures({ outputs, targets }) {
      const { f1 } = microOf(countLabels(outputs, targets, length, boundaries));
      return {
        exact: countExact(outputs, length, targets, boundaries) / (targets.length / length),
        f1: Number.isNaN(f1) ? 0 : f1,
      };
    },
  };
}

/** Returns the thresholds as logits, ln(p / (1 - p)). */
export function boundariesOf(model: Parameters<typeof thresholdsOf>[0]): number[] {
  return thresholdsOf(model).map((threshold) => Math.log(threshold / (1 - threshold)));
}

/** Creates the training of a multi-label model. */
export function multiLabelTraining(
  model: MultiLabelModel,
  sets: Sets,
  options: SettledOptions,
): TrainingTask {
  const weights = presenceWeights(model.labels, sets.examples, options.labelWeights);
  const goal = multiLabelGoal(model);
  const weighted = weights && { loss: weightedBinaryCrossEntropyLoss(weights) };
  return numberTraining(model, sets, options, { ...goal, ...weighted });
}

const HEAVIEST = 100; // the largest balanced weight: steps on rarer labels would be erratic

/**
 * Returns the weight of each label's positive examples relative to its negative ones. With
 * `"balanced"`, both have the same total weight.
 */
function presenceWeights(
  labels: readonly string[],
  examples: EncodedSet,
  given: SettledOptions["labelWeights"],
): number[] | undefined {
  if (given === null) return undefined;
  const counts = labels.map(() => 0);
  for (const { labels: ids } of examples) for (const id of ids) counts[id]++;
  if (given !== "balanced") return settleLabelWeights(given, labels, counts);
  return counts.map((count) =>
    Math.min(HEAVIEST, Math.max(1, examples.length - count) / Math.max(1, count))
  );
}
