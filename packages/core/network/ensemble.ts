/**
 * Several networks of one form that answer together, by the mean of their outputs.
 *
 *     y = 1/N Σ_k y_k
 *
 * Of logits that is the logarithmic opinion pool: with softmax the geometric mean of probabilities,
 * brought to a sum of one. A CRF's scores are averaged with them, which makes again a CRF.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { Weights } from "./weights.ts";

/** The weights of networks on a device, one or more. */
export type Networks = readonly Weights<Tensor>[];

/** One network, or several. */
export type OneOrSeveral = Weights<Tensor> | Networks;

/** The networks as a list. */
export function listOf(networks: OneOrSeveral): Networks {
  return Array.isArray(networks) ? networks : [networks as Weights<Tensor>];
}

/** The mean of tensors of one shape; of a single one itself. */
export function meanOfTensors(ops: Ops, parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  return ops.scale(parts.reduce((sum, part) => ops.add(sum, part)), 1 / parts.length);
}

/** The mean of numbers; of a single array itself. */
export function meanOfNumbers(parts: readonly FloatArray[]): FloatArray {
  const [first, ...rest] = parts;
  if (rest.length === 0) return first;
  return Float64Array.from(
    first,
    (value, i) => rest.reduce((sum, part) => sum + part[i], value) / parts.length,
  );
}
