/**
 * The table of losses for numbers.
 *
 * @module
 */
import { requireOneOf } from "../../checks.ts";
import type { Loss } from "../loss.ts";
import { absoluteLoss } from "./absolute.ts";
import { huberLoss } from "./huber.ts";
import type { NumberTargets } from "./numbers.ts";
import { squaredLoss } from "./squared.ts";

/** The name of a loss for numbers. */
export type NumberLossName = "squared" | "absolute" | "huber";

const LOSSES: Readonly<Record<NumberLossName, Loss<NumberTargets>>> = {
  squared: squaredLoss,
  absolute: absoluteLoss,
  huber: /* @__PURE__ */ huberLoss(),
};

/** The names of the losses for numbers. */
export const NUMBER_LOSSES = Object.keys(LOSSES) as NumberLossName[];

/**
 * Returns the loss for numbers with a given name.
 *
 * @throws {InputError} If no loss has that name.
 */
export function numberLossOf(name: NumberLossName): Loss<NumberTargets> {
  requireOneOf("the loss", name, NUMBER_LOSSES);
  return LOSSES[name];
}
