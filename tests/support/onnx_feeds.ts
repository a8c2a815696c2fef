/**
 * Inputs of ONNX files in tests, and the expected outputs.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type AnyModel,
  type FloatArray,
  type Model,
  opsOf,
  Random,
  type Tensor,
} from "@unroll/core";
import { mapWeights, type Weights } from "#core/network/weights.ts";
import { uploadModel } from "#core/task.ts";
import { taskOf } from "#core/tasks.ts";
import type { OnnxRun, OnnxTensor } from "./onnx_runtime.ts";

/** A run with its expected outputs; NaN accepts any value. */
export interface OnnxCase extends OnnxRun {
  /** The expected outputs by name. */
  expected: Record<string, ArrayLike<number>>;
}

/** The ops that compute expected outputs. */
export const ops = opsOf(createCpuBackend({ dtype: "float64" }));
const random = new Random(19);

/** Returns a model with random weights, including its biases. */
export function randomized<M extends AnyModel>(model: M, networks = 1): M {
  const drawn = () =>
    mapWeights(
      model.weights,
      (values): FloatArray => Float32Array.from(values, () => random.uniform() - 0.5),
    );
  const ensemble = Array.from({ length: networks - 1 }, drawn);
  return { ...model, weights: drawn(), ...(networks > 1 ? { ensemble } : {}) };
}

/** Returns a tensor of integers. */
export const ints = (
  type: "int64" | "int32",
  dims: number[],
  data: ArrayLike<number>,
): OnnxTensor => ({
  type,
  dims,
  data: Array.from(data),
});
/** Returns a tensor of 64-bit floats. */
export const doubles = (dims: number[], data: ArrayLike<number>): OnnxTensor => ({
  type: "float64",
  dims,
  data: Array.from(data),
});
/** Returns a tensor of 32-bit floats. */
export const floats = (dims: number[], data: ArrayLike<number>): OnnxTensor => ({
  type: "float32",
  dims,
  data: Array.from(data),
});

/** Returns a batch of rows with different lengths, padded. */
export function padded(rows: readonly ArrayLike<number>[], steps: number, width = 1): number[] {
  return rows.flatMap((row) =>
    Array.from({ length: steps * width }, (_, i) => i < row.length ? row[i] : 0)
  );
}

/** Returns the length of the longest row. */
export const longest = (rows: readonly ArrayLike<number>[]) =>
  Math.max(...rows.map(({ length }) => length));

/** Computes values of a model's pass. */
export async function numbersOf(
  model: Model,
  make: (weights: Weights<Tensor>) => Tensor[],
): Promise<FloatArray[]> {
  const { weights } = uploadModel(ops, taskOf(model), model);
  return await ops.read(ops.scope(() => make(weights)));
}

/** Transposes `[steps * batch, width]` to `[batch, steps, width]`. */
export function byText(numbers: FloatArray, size: number, width: number): Float64Array {
  const steps = numbers.length / size / width;
  return Float64Array.from(numbers, (_, at) => {
    const i = Math.floor(at / width / steps), t = Math.floor(at / width) % steps;
    return numbers[(t * size + i) * width + at % width];
  });
}
