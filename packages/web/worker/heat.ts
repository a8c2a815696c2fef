/**
 * Heat maps: matrices reduced to a size that can be sent and drawn.
 *
 * @module
 */
import type { HeatMap } from "../picture_protocol.ts";

const MOST = 128; // rows or columns: more cannot be distinguished in a picture

/** Reduces a matrix to a heat map: each block becomes its number farthest from zero. */
export function heatMapOf(values: ArrayLike<number>, columns: number): HeatMap {
  const rows = values.length / columns;
  const high = Math.ceil(rows / MOST), wide = Math.ceil(columns / MOST);
  const small = { rows: Math.ceil(rows / high), columns: Math.ceil(columns / wide) };
  const out = new Float32Array(small.rows * small.columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j];
      const at = Math.floor(i / high) * small.columns + Math.floor(j / wide);
      if (Math.abs(value) > Math.abs(out[at])) out[at] = value;
    }
  }
  return { ...small, values: out, bound: typical(out), block: [high, wide] };
}

const TYPICAL = 0.98; // the fraction of numbers in the color scale; larger ones are saturated

function typical(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(TYPICAL * (sizes.length - 1))] || sizes[sizes.length - 1];
}

/** Marks the numbers of a heat map whose absolute value exceeds a bound: 1, else 0. */
export function markedIn({ values }: HeatMap, bound: number): Uint8Array {
  return Uint8Array.from(values, (value) => Math.abs(value) > bound ? 1 : 0);
}
