/**
 * What the number for a text rests on.
 *
 * @module
 */
import { readText } from "../classification/reasons.ts";
import { outputTarget, requireWholeText } from "../classification/targets.ts";
import { InputError } from "../errors.ts";
import type { TaskReasons } from "../reasons.ts";
import type { RegressionModel } from "./model.ts";
import type { NumberPrediction } from "./predict.ts";

/** The number, in the unit of the examples. */
export const numberReasons: TaskReasons<RegressionModel, NumberPrediction> = {
  read: readText,
  targets({ model: { scale: { mean, deviation } } }, _, asked) {
    requireWholeText(asked);
    if (asked.label !== undefined) {
      throw new InputError("a regression model has no labels; leave it out");
    }
    return [outputTarget(0, { factor: deviation, constant: mean })];
  },
};
