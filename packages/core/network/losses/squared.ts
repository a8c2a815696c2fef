/**
 * The squared error, a loss for numbers.
 *
 * @module
 */
import type { Loss } from "../loss.ts";
import { lossOfErrors, type NumberTargets } from "./numbers.ts";

/**
 * The squared error e², for e = y - t, as in torch.nn.MSELoss:
 *
 *     l     = e²
 *     dl/dy = 2 e
 *
 * It is minimized by the mean and dominated by large errors.
 */
export const squaredLoss: Loss<NumberTargets> = /* @__PURE__ */ lossOfErrors({
  of: (ops, e) => ops.multiply(e, e), // e²
  derivative: (ops, e) => ops.scale(e, 2), // 2 e
});
