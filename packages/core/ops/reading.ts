/**
 * Reading numbers from a device: they are freed there, even on failure, and checked to be finite.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { InputError } from "../errors.ts";

/** Reads the current values of tensors and frees the tensors at once, even if reading fails. */
export function readAndDispose(ops: Ops, tensors: readonly Tensor[]): Promise<FloatArray[]> {
  try {
    const reading = ops.read(tensors);
    // Several reads may be pending when another op fails; awaiting this one still reports its
    // error.
    reading.catch(() => {});
    return reading;
  } finally {
    ops.dispose(tensors);
  }
}

/**
 * Checks that all numbers are finite.
 *
 * @param what The name of the numbers in the message. Default: `logits`.
 * @throws {InputError} If finite weights are so large that the numbers computed from them overflow.
 */
export function requireFinite(numbers: FloatArray, what = "logits"): void {
  let sum = 0; // stays 0 for finite numbers; for any other x, x - x is NaN
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] - numbers[i];
  if (sum === 0) return;
  throw new InputError(
    `the model's weights overflow: ${what} are not finite; ` +
      "train again with a smaller learning rate",
  );
}
