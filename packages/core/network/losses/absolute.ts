/**
 * The absolute error of numbers.
 *
 * @module
 */
import type { Loss } from "../loss.ts";
import { absolute, lossOfErrors, type NumberTargets, sign } from "./numbers.ts";

/**
 * The absolute error, for e = y - t, as torch.nn.L1Loss has it:
 *
 *     l     = |e|
 *     dl/dy = sign e, which is 0 where e is
 *
 * What it makes least is the median; a few large errors change little.
 */
export const absoluteLoss: Loss<NumberTargets> = /* @__PURE__ */ lossOfErrors({
  of: absolute, // |e|
  derivative: sign, // sign e
});
