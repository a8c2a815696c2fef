/**
 * Huber's loss (1964), for numbers.
 *
 * @module
 */
import type { Ops, Tensor } from "../../backend.ts";
import type { Loss } from "../loss.ts";
import { absolute, lossOfErrors, type NumberTargets, requireBetween } from "./numbers.ts";

/**
 * The squared error near zero and the absolute error beyond δ, for e = y - t and c = e clipped to
 * [-δ, δ], as in torch.nn.HuberLoss:
 *
 *     l     = c² / 2 + δ (|e| - |c|)
 *     dl/dy = c
 *
 * @param delta δ, above 0. Default: 1.
 * @throws {InputError} Unless δ is positive and finite.
 */
export function huberLoss(delta = 1): Loss<NumberTargets> {
  requireBetween("the delta of Huber's loss", delta, 0, Infinity);
  const clipped = (ops: Ops, e: Tensor) =>
    ops.update(ops.zeros(e.shape), e, { keep: 1, add: 1, clip: delta });
  return lossOfErrors({
    of(ops, e) {
      const c = clipped(ops, e);
      const beyond = ops.subtract(absolute(ops, e), absolute(ops, c)); // |e| - |c|
      return ops.add(ops.scale(ops.multiply(c, c), 1 / 2), ops.scale(beyond, delta));
    },
    derivative: clipped,
  });
}
