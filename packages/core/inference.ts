/**
 * What every question to a model has in common: its weights on a device for as long as it takes,
 * and numbers that are read back, freed and finite, whatever fails.
 *
 * @module
 */
import type { FloatArray, Tensor } from "./backend.ts";
import { InputError } from "./errors.ts";
import { type Model, uploadWeights } from "./model.ts";
import type { Weights } from "./network/config.ts";
import type { Ops } from "./ops/checked_ops.ts";

/** Runs `fn` with a model's weights on the device, and frees them, also where it fails. */
export async function withWeights<T>(
  ops: Ops,
  model: Model,
  fn: (weights: Weights<Tensor>) => T | Promise<T>,
): Promise<T> {
  const weights = uploadWeights(ops, model);
  try {
    return await fn(weights);
  } finally {
    ops.dispose(Object.values(weights));
  }
}

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
