/**
 * The absolute error, a loss for numbers.
 *
 * @module
 */
import type { Loss } from "../loss.ts";
import { absolute, lossOfErrors, type NumberTargets, sign } from "./numbers.ts";

/**
 * The absolute error |e|, for e = y - t, as in torch.nn.L1Loss:
 *
 *     l     = |e|
 *     dl/dy = sign e, which is 0 for e = 0
 *
 * It is minimized by the median and robust against outliers.
 */
export const absoluteLoss: Loss<NumberTargets> = /* @__PURE__ */ lossOfErrors({
  of: absolute, // |e|
  derivative: sign, // sign e
});
