/**
 * A network's weights, by name.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Shape, Tensor } from "../backend.ts";

/** One value per weight, keyed by its name in the equations: a tensor, an array, a shape. */
export type Weights<T> = Record<string, T>;

/** The gradient of a weight, or of only those of its rows that `rows` lists. */
export interface Gradient {
  /** dL/dW. */
  values: Tensor;
  /** For each row of `values`, the row of W that it is the gradient of; -1 for none. */
  rows?: Indices;
  /** If set, each component is still to be clipped to [-clip, clip]. */
  clip?: number;
}

/** Applies a function to each weight. */
export function mapWeights<T, U>(
  weights: Weights<T>,
  fn: (value: T, name: string) => U,
): Weights<U> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, value]) => [name, fn(value, name)]),
  );
}

/** Adds a prefix to every name. */
export function prefixed<T>(prefix: string, weights: Weights<T>): Weights<T> {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [prefix + name, value]));
}

/** Returns the entries whose names begin with a prefix, without that prefix. */
export function withoutPrefix<T>(prefix: string, weights: Weights<T>): Weights<T> {
  const own = Object.entries(weights).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Uploads the weights of the given shapes, by name. */
export function uploadAll(
  ops: Ops,
  shapes: Weights<Shape>,
  numbers: Weights<FloatArray>,
): Weights<Tensor> {
  let weights: Weights<Tensor> = {};
  ops.scope(() => {
    weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
    return Object.values(weights);
  });
  return weights;
}
