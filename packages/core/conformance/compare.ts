/**
 * Helpers that the suite's cases share.
 *
 * @module
 */
import type { Backend, FloatArray, Shape, Tensor } from "../backend.ts";
import { Random } from "../random.ts";

/** A case that is yet to be given its backend. */
export interface BackendCase {
  name: string;
  run(backend: Backend): Promise<void>;
}

/** Returns normally distributed random numbers that float32 represents exactly. */
export function randomNumbers(count: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Creates a tensor of such numbers. */
export function randomTensor(backend: Backend, shape: Shape, seed: number): Tensor {
  return backend.tensor(randomNumbers(shape[0] * shape[1], seed), shape);
}

/** Throws unless the condition holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Throws unless `fn` throws. */
export function checkThrows(fn: () => unknown, what: string): void {
  try {
    fn();
  } catch {
    return;
  }
  throw new Error(`${what} should throw, but did not`);
}

/** Throws unless the numbers match the expected ones within the precision of the backend. */
export function checkNumbers(
  actual: FloatArray,
  expected: ArrayLike<number>,
  backend: Backend,
  what: string,
): void {
  const tolerance = backend.dtype === "float64" ? 1e-12 : 1e-5;
  check(
    actual.length === expected.length,
    `${what}: expected ${expected.length} numbers, got ${actual.length}`,
  );
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    check(
      error <= tolerance * (1 + Math.abs(expected[i])),
      `${what}: expected ${expected[i]} at ${i}, got ${actual[i]}`,
    );
  }
}

/** Throws unless the shapes are equal. */
export function checkShape(actual: Shape, expected: Shape, what: string): void {
  check(
    actual[0] === expected[0] && actual[1] === expected[1],
    `${what}: expected the shape [${expected}], got [${actual}]`,
  );
}
