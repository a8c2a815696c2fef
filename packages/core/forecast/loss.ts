/**
 * Losses of numbers, as functions of the error e = y - ŷ of each of them: absolute, squared, Huber's
 * (1964), and of a quantile τ (Koenker and Bassett 1978).
 *
 *     absolute   |e|                                   slope  sign(e)
 *     squared    e²                                    slope  2 e
 *     huber      e² / 2 where |e| ≤ 1, else |e| - 1/2  slope  min(1, max(-1, e))
 *     quantile   max(τ e, (τ - 1) e)                   slope  τ where e > 0, τ - 1 where e < 0
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";

/** A loss of errors, element by element. */
export interface ErrorLoss {
  /** l(e). */
  value(ops: Ops, e: Tensor): Tensor;
  /** dl/de; the gradient for the forecasts is its negative. */
  slope(ops: Ops, e: Tensor): Tensor;
}

/** max(0, e) and max(0, -e). */
function sides(ops: Ops, e: Tensor): [above: Tensor, below: Tensor] {
  return [ops.relu(e), ops.relu(ops.scale(e, -1))];
}

/** The loss of the quantile τ: above the forecast an error counts τ, below it 1 - τ. */
export function quantileLoss(tau: number): ErrorLoss {
  return {
    value(ops, e) {
      const [above, below] = sides(ops, e);
      return ops.add(ops.scale(above, tau), ops.scale(below, 1 - tau));
    },
    slope(ops, e) {
      const [above, below] = sides(ops, e);
      return ops.subtract(
        ops.scale(ops.reluDerivative(above), tau),
        ops.scale(ops.reluDerivative(below), 1 - tau),
      );
    },
  };
}

const absolute: ErrorLoss = {
  value(ops, e) {
    const [above, below] = sides(ops, e);
    return ops.add(above, below);
  },
  slope(ops, e) {
    const [above, below] = sides(ops, e);
    return ops.subtract(ops.reluDerivative(above), ops.reluDerivative(below));
  },
};

const squared: ErrorLoss = {
  value: (ops, e) => ops.multiply(e, e),
  slope: (ops, e) => ops.scale(e, 2),
};

/** e within [-1, 1]. */
function bounded(ops: Ops, e: Tensor): Tensor {
  return ops.update(ops.zeros(e.shape), e, { keep: 0, add: 1, clip: 1 });
}

const huber: ErrorLoss = {
  // With c = e within [-1, 1]: c e - c² / 2.
  value(ops, e) {
    const c = bounded(ops, e);
    return ops.subtract(ops.multiply(c, e), ops.scale(ops.multiply(c, c), 1 / 2));
  },
  slope: bounded,
};

/** The losses of forecasts. */
export const ERROR_LOSSES = { absolute, squared, huber };

/** Their names. */
export type ErrorLossName = keyof typeof ERROR_LOSSES;

/** All of them. */
export const ERROR_LOSS_NAMES = Object.keys(ERROR_LOSSES) as readonly ErrorLossName[];
