/**
 * Matrices made small enough to send and to draw.
 *
 * @module
 */
import type { HeatMap } from "../picture_protocol.ts";

const MOST = 128; // rows or columns: more cannot be made out in a picture

/** A matrix as a heat map: of each block, the number that is farthest from zero. */
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

const TYPICAL = 0.98; // of the numbers have a color of their own; the few larger ones the fullest

function typical(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(TYPICAL * (sizes.length - 1))] || sizes[sizes.length - 1];
}

/** Where a heat map's numbers are beyond a bound. */
export function markedIn({ values }: HeatMap, bound: number): Uint8Array {
  return Uint8Array.from(values, (value) => Math.abs(value) > bound ? 1 : 0);
}
