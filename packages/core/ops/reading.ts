/**
 * Numbers that come back from a device: freed there, and finite, whatever fails.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { InputError } from "../errors.ts";

/** Reads tensors as they are now and frees them at once, also where that fails. */
export function readAndDispose(ops: Ops, tensors: readonly Tensor[]): Promise<FloatArray[]> {
  try {
    const reading = ops.read(tensors);
    // Several may be under way when another op fails; whoever waits for this one still hears of it.
    reading.catch(() => {});
    return reading;
  } finally {
    ops.dispose(tensors);
  }
}

/**
 * Throws unless all numbers are finite.
 *
 * @param what What the numbers are.
 * @throws {InputError} Where finite weights are so large that what they give is not.
 */
export function requireFinite(numbers: FloatArray, what = "logits"): void {
  let sum = 0; // 0 for finite numbers: the difference of others with themselves is NaN
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] - numbers[i];
  if (sum === 0) return;
  throw new InputError(
    `the model's weights overflow: ${what} are not finite; ` +
      "train again with a smaller learning rate",
  );
}
