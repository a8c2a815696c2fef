/**
 * The outputs that a prediction is computed from.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { OutputMix } from "../reasons.ts";

/**
 * Mixes the network's outputs y with those of a linear model, z: a y + b z.
 *
 * @param more b z, or the factor that scales the text's features.
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
