/**
 * Matrices that turn vectors and do not change their length.
 *
 * @module
 */
import type { Random } from "../random.ts";

/**
 * A random orthogonal matrix (Saxe, McClelland and Ganguli 2014): QᵀQ = 1, so that what goes through
 * it time step after time step neither vanishes nor explodes. The columns of a normal matrix, each
 * less what it has of those before, by the modified method of Gram and Schmidt.
 *
 * @returns Columns one after another, `[size * size]`.
 */
export function orthogonal(size: number, random: Random): Float64Array<ArrayBuffer> {
  const columns = new Float64Array(size * size).map(() => random.normal());
  const columnOf = (j: number) => columns.subarray(j * size, (j + 1) * size);
  for (let j = 0; j < size; j++) {
    const column = columnOf(j);
    for (let pass = 0; pass < 2; pass++) { // the second one takes away what rounding has left
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
