/**
 * Random orthogonal matrices, which preserve the lengths of vectors.
 *
 * @module
 */
import type { Random } from "../random.ts";

/**
 * Returns a random orthogonal matrix Q (Saxe, McClelland and Ganguli 2014): QᵀQ = I, so that a
 * vector multiplied by it at every time step neither vanishes nor explodes. Built from the columns
 * of a normally distributed matrix by modified Gram-Schmidt orthogonalization.
 *
 * @returns The columns one after another, `[size * size]`.
 */
export function orthogonal(size: number, random: Random): Float64Array<ArrayBuffer> {
  const columns = new Float64Array(size * size).map(() => random.normal());
  const columnOf = (j: number) => columns.subarray(j * size, (j + 1) * size);
  for (let j = 0; j < size; j++) {
    const column = columnOf(j);
    for (let pass = 0; pass < 2; pass++) { // the second pass removes what rounding errors left
      for (let i = 0; i < j; i++) {
        const other = columnOf(i), part = dot(column, other);
        for (let k = 0; k < size; k++) column[k] -= part * other[k];
      }
    }
    const length = Math.sqrt(dot(column, column));
    for (let k = 0; k < size; k++) column[k] /= length;
  }
  return columns;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
