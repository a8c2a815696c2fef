/**
 * The kernels that compute a matrix product, with their parameters.
 *
 * @module
 */
import type { Place } from "./matrix_products.ts";

const BYTES = 4; // per number

/** Returns the calls that add a b from a column on, without packing; not both may be transposed. */
export function smallCalls(
  out: number,
  a: Place,
  b: Place,
  m: number,
  k: number,
  n: number,
  column: number,
): [name: string, parameters: number[]][] {
  const outRow = BYTES * n, outAt = out + BYTES * column, bAt = b.at + b.column * column;
  const width = n - column;
  if (b.column !== BYTES) {
    return [["dot", [outAt, a.at, bAt, m, k, width, outRow, a.row, a.column, b.column]]];
  }
  const by = (first: number, rows: number) => {
    const to = outAt + outRow * first, from = a.at + a.row * first;
    return [to, from, bAt, rows, k, width, outRow, a.row, a.column, b.row];
  };
  const even = m - m % 2;
  return [
    ...(even > 0 ? [["product2", by(0, even)] as [string, number[]]] : []),
    ...(even < m ? [["product1", by(even, 1)] as [string, number[]]] : []),
  ];
}

/** Splits rows into tiles of nearly equal height: returns each height, and its number of tiles. */
export function tilesOf(rows: number, most: number): { height: number; count: number }[] {
  const tiles = Math.ceil(rows / most);
  const height = Math.floor(rows / tiles);
  const higher = rows % tiles; // tiles that are one row higher
  return [{ height, count: tiles - higher }, { height: height + 1, count: higher }]
    .filter(({ count }) => count > 0);
}
