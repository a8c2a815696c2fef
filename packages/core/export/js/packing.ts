/**
 * Numbers as bytes: int8 with scales, and rising whole numbers by their differences.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";

const MOST = 127; // of int8, so that 0 is in the middle

/** Numbers in 8 bits: each is `ints` times the scale of its row, or of its column. */
export interface Rounded {
  /** The scales. */
  scales: Float32Array<ArrayBuffer>;
  /** From -127 to 127, row by row. */
  ints: Int8Array<ArrayBuffer>;
}

function rounded(data: FloatArray, count: number, scaleAt: (i: number) => number): Rounded {
  const scales = new Float32Array(count);
  for (let i = 0; i < data.length; i++) {
    const at = scaleAt(i);
    scales[at] = Math.max(scales[at], Math.abs(data[i]) / MOST);
  }
  const ints = Int8Array.from(data, (value, i) => {
    const scale = scales[scaleAt(i)];
    const whole = scale === 0 ? 0 : Math.round(value / scale);
    return Math.max(-MOST, Math.min(MOST, whole));
  });
  return { scales, ints };
}

/** Numbers in 8 bits, with a scale for each row: its largest number is 127. */
export function roundRows(data: FloatArray, rows: number, columns: number): Rounded {
  return rounded(data, rows, (i) => Math.floor(i / columns));
}

/** The same with a scale for each column. */
export function roundColumns(data: FloatArray, _: number, columns: number): Rounded {
  return rounded(data, columns, (i) => i % columns);
}

/** Rising whole numbers: how much each is above the last, seven bits a byte, the low ones first. */
export function packRising(data: FloatArray): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let last = 0;
  for (const value of data) {
    let rest = value - last;
    for (; rest > 127; rest >>= 7) bytes.push(rest & 127 | 128);
    bytes.push(rest);
    last = value;
  }
  return Uint8Array.from(bytes);
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const AT_ONCE = 3 * 2 ** 12; // bytes; a multiple of three, so that the parts fit together

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += AT_ONCE) {
    let part = "";
    for (let at = from; at < Math.min(bytes.length, from + AT_ONCE); at += 3) {
      const three = bytes[at] << 16 | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0);
      for (let k = 0; k < 4; k++) {
        part += at + k > bytes.length ? "=" : DIGITS[three >> 18 - 6 * k & 63];
      }
    }
    parts.push(part);
  }
  return parts.join("");
}
