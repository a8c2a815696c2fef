/**
 * Numeric targets on a device, and the parts that losses for numbers share.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../../backend.ts";
import { InputError } from "../../errors.ts";
import type { Loss } from "../loss.ts";

/** Numeric targets on a device, one row for each row of the outputs. */
export interface NumberTargets {
  /** t, `[rows, columns]`; 0 for missing values. */
  values: Tensor;
  /** m, `[rows, columns]`: 1 / k for each of a row's k known values, 0 for missing ones. */
  shares: Tensor;
}

/**
 * Uploads numeric targets to a device, in the open scope.
 *
 * @param targets The targets, row by row; NaN for missing values.
 * @param rows The number of rows.
 */
export function uploadNumbers(ops: Ops, targets: Float64Array, rows: number): NumberTargets {
  const columns = targets.length / rows;
  const shares = new Float64Array(targets.length);
  for (let row = 0; row < rows; row++) {
    const known = knownIn(targets, row, columns);
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      if (!Number.isNaN(targets[i])) shares[i] = 1 / known;
    }
  }
  const values = targets.map((value) => Number.isNaN(value) ? 0 : value);
  return {
    values: ops.tensor(values, [rows, columns]),
    shares: ops.tensor(shares, [rows, columns]),
  };
}

/** Returns the number of known values in a row. */
export function knownIn(targets: ArrayLike<number>, row: number, columns: number): number {
  let known = 0;
  for (let i = row * columns; i < (row + 1) * columns; i++) if (!Number.isNaN(targets[i])) known++;
  return known;
}

/** A loss of each value, in terms of the error e = y - t. */
export interface ErrorLoss {
  /** Returns l(e), element by element. */
  of(ops: Ops, e: Tensor): Tensor;
  /** Returns dl/de, element by element. */
  derivative(ops: Ops, e: Tensor): Tensor;
}

/**
 * Builds the loss of a row from that of its values:
 *
 *     L     = Σ m ⊙ l(y - t), the mean over the known values
 *     dL/dy = w m ⊙ l'(y - t)
 */
export function lossOfErrors({ of, derivative }: ErrorLoss): Loss<NumberTargets> {
  return {
    value: (ops, outputs, { values, shares }) =>
      rowSums(ops, ops.multiply(of(ops, ops.subtract(outputs, values)), shares)),
    gradient(ops, outputs, { values, shares }, rowWeights) {
      const dOutputs = ops.multiply(derivative(ops, ops.subtract(outputs, values)), shares);
      return ops.multiplyColumn(dOutputs, rowWeights);
    },
    sums: (outputs, columns, targets) => errorSums(outputs, columns, targets),
  };
}

/**
 * Returns the metrics of numeric targets: each row's mean absolute error and mean squared error,
 * summed over the rows that have a known value.
 *
 * @param offset The column of the outputs that predicts the first target. Default: 0.
 */
export function errorSums(
  outputs: FloatArray,
  columns: number,
  targets: ArrayLike<number>,
  offset = 0,
): { mae: number; mse: number } {
  const rows = outputs.length / columns, width = targets.length / rows;
  let mae = 0, mse = 0;
  for (let row = 0; row < rows; row++) {
    const known = knownIn(targets, row, width);
    for (let j = 0; j < width; j++) {
      const target = targets[row * width + j];
      if (Number.isNaN(target)) continue;
      const error = outputs[row * columns + offset + j] - target;
      mae += Math.abs(error) / known;
      mse += error ** 2 / known;
    }
  }
  return { mae, mse };
}

/** Returns the sum of each row, `[rows, 1]`. */
export function rowSums(ops: Ops, a: Tensor): Tensor {
  const columns = a.shape[1];
  return ops.matmul(a, ops.tensor(new Float64Array(columns).fill(1), [columns, 1]));
}

/** |e|, element by element: relu(e) + relu(-e). */
export function absolute(ops: Ops, e: Tensor): Tensor {
  return ops.add(ops.relu(e), ops.relu(ops.scale(e, -1)));
}

/** The sign of e, element by element: 1, 0 or -1. */
export function sign(ops: Ops, e: Tensor): Tensor {
  const isAbove = ops.reluDerivative(ops.relu(e));
  return ops.subtract(isAbove, ops.reluDerivative(ops.relu(ops.scale(e, -1))));
}

/** Throws an `InputError` if a loss's parameter is out of range. */
export function requireBetween(what: string, value: number, least: number, most: number): void {
  if (value > least && value < most) return;
  throw new InputError(`${what} must be above ${least} and below ${most}, got ${value}`);
}
