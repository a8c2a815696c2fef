/**
 * What the number for a text rests on.
 *
 * @module
 */
import { outputTarget } from "../classification/targets.ts";
import { InputError } from "../errors.ts";
import type { Target } from "../task.ts";
import type { RegressionModel } from "./model.ts";

/** The number, in the unit of the examples. */
export function numberTargets(
  { scale: { mean, deviation } }: RegressionModel,
  _: unknown,
  label?: string,
): Target[] {
  if (label !== undefined) throw new InputError("a regression model has no labels; leave it out");
  return [outputTarget(0, 1, { factor: deviation, constant: mean })];
}
