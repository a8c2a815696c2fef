/**
 * Training of models that predict a number for a text.
 *
 * @module
 */
import { type NumberGoal, numberTraining } from "../classification/number_training.ts";
import { numberLossOf } from "../network/losses/losses.ts";
import { errorSums } from "../network/losses/numbers.ts";
import type { SettledOptions } from "../training/settled.ts";
import type { Sets, TrainingTask } from "../training/training_task.ts";
import type { RegressionModel } from "./model.ts";
import { numberIn } from "./number.ts";

/** Returns the objective, (value - mean) / deviation. MAE and RMSE are in the data's unit. */
export function regressionGoal(
  { loss, scale: { mean, deviation } }: Pick<RegressionModel, "loss" | "scale">,
): NumberGoal {
  return {
    columns: 1,
    loss: numberLossOf(loss),
    targets: ({ labels }) => [(numberIn(labels) - mean) / deviation],
    sums: (outputs, columns, targets) => ({
      mae: errorSums(outputs, columns, targets).mae * deviation,
    }),
    figures({ outputs, targets }) {
      const { mae, mse } = errorSums(outputs, 1, targets), { length } = targets;
      return { mae: mae * deviation / length, rmse: Math.sqrt(mse / length) * deviation };
    },
  };
}

/** Creates the training of a model that predicts a number for a text. */
export function regressionTraining(
  model: RegressionModel,
  sets: Sets,
  options: SettledOptions,
): TrainingTask {
  return numberTraining(model, sets, options, regressionGoal(model));
}
