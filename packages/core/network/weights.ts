/**
 * The weights that a network has, by name.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Shape, Tensor } from "../backend.ts";

/** One thing for each weight, by its name in the equations: a tensor, numbers, a shape. */
export type Weights<T> = Record<string, T>;

/** The gradient of a weight, or of those of its rows that `rows` lists. */
export interface Gradient {
  /** dL/dW. */
  values: Tensor;
  /** The rows of W that the rows of `values` are for; -1 for none. */
  rows?: Indices;
  /** Each component is still to be brought into [-clip, clip]. */
  clip?: number;
}

/** The same for each weight. */
export function mapWeights<T, U>(
  weights: Weights<T>,
  fn: (value: T, name: string) => U,
): Weights<U> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, value]) => [name, fn(value, name)]),
  );
}

/** Things with `prefix` before their names. */
export function prefixed<T>(prefix: string, weights: Weights<T>): Weights<T> {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [prefix + name, value]));
}

/** The things whose names begin with `prefix`, without it. */
export function withoutPrefix<T>(prefix: string, weights: Weights<T>): Weights<T> {
  const own = Object.entries(weights).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Numbers of these shapes on a device, by name. */
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
