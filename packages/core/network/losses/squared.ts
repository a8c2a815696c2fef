/**
 * The squared error of numbers.
 *
 * @module
 */
import type { Loss } from "../loss.ts";
import { lossOfErrors, type NumberTargets } from "./numbers.ts";

/**
 * The squared error, for e = y - t, as torch.nn.MSELoss has it:
 *
 *     l     = e²
 *     dl/dy = 2 e
 *
 * What it makes least is the mean; large errors count most.
 */
export const squaredLoss: Loss<NumberTargets> = /* @__PURE__ */ lossOfErrors({
  of: (ops, e) => ops.multiply(e, e), // e²
  derivative: (ops, e) => ops.scale(e, 2), // 2 e
});
