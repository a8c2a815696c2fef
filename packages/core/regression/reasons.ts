/**
 * Explanations of predicted numbers.
 *
 * @module
 */
import { readText } from "../classification/reasons.ts";
import { outputTarget, requireWholeText } from "../classification/targets.ts";
import { InputError } from "../errors.ts";
import type { TaskReasons } from "../reasons.ts";
import type { RegressionModel } from "./model.ts";
import type { NumberPrediction } from "./predict.ts";

/** Explains the predicted number, in the unit of the examples. */
export const numberReasons: TaskReasons<RegressionModel, NumberPrediction> = {
  read: readText,
  targets({ model: { scale: { mean, deviation } } }, _, asked) {
    requireWholeText(asked);
    if (asked.label !== undefined) {
      throw new InputError("a regression model has no labels; leave the label out");
    }
    return [outputTarget(0, { factor: deviation, constant: mean })];
  },
};
