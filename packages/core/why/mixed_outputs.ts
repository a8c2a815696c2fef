/**
 * The outputs that an answer is made of.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { OutputMix } from "../reasons.ts";

/**
 * The network's outputs, and what is mixed with them: a y + b z.
 *
 * @param more b z; or what the features of the text are multiplied by.
 */
export function mixedOutputs(
  mix: OutputMix | undefined,
  outputs: FloatArray,
  more: number | Float64Array,
): FloatArray {
  if (!mix) return outputs;
  const linear = typeof more === "number" ? mix.linear?.at(more) : more;
  return Float64Array.from(outputs, (y, c) => mix.network * y + (linear?.[c] ?? 0));
}
