/**
 * Ensembles: several networks of the same shape whose outputs are averaged.
 *
 *     y = 1/N Σ_k y_k
 *
 * Averaging logits is the logarithmic opinion pool: after softmax, the normalized geometric mean of
 * the probabilities. The scores of CRFs are averaged too, and form a CRF again.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { Weights } from "./weights.ts";

/** The weights of one or more networks on a device. */
export type Networks = readonly Weights<Tensor>[];

/** One network, or several. */
export type OneOrSeveral = Weights<Tensor> | Networks;

/** Returns the networks as a list. */
export function listOf(networks: OneOrSeveral): Networks {
  return Array.isArray(networks) ? networks : [networks as Weights<Tensor>];
}

/** Returns the mean of tensors of the same shape; a single tensor unchanged. */
export function meanOfTensors(ops: Ops, parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  return ops.scale(parts.reduce((sum, part) => ops.add(sum, part)), 1 / parts.length);
}

/** Returns the mean of arrays, element by element; a single array unchanged. */
export function meanOfNumbers(parts: readonly FloatArray[]): FloatArray {
  const [first, ...rest] = parts;
  if (rest.length === 0) return first;
  return Float64Array.from(
    first,
    (value, i) => rest.reduce((sum, part) => sum + part[i], value) / parts.length,
  );
}
