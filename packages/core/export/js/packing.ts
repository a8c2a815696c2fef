/**
 * Packing of numbers into bytes: int8 with scales, and increasing integers as differences.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";

const MOST = 127; // the largest int8, whose negative is an int8 too

/** Quantized numbers: each is an element of `ints` times the scale of its row or column. */
export interface Rounded {
  /** The scale of each row or column. */
  scales: Float32Array<ArrayBuffer>;
  /** Integers from -127 to 127, row by row. */
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

/** Quantizes numbers to 8 bits with a scale for each row, whose largest magnitude becomes 127. */
export function roundRows(data: FloatArray, rows: number, columns: number): Rounded {
  return rounded(data, rows, (i) => Math.floor(i / columns));
}

/** Quantizes numbers to 8 bits with a scale for each column. */
export function roundColumns(data: FloatArray, _: number, columns: number): Rounded {
  return rounded(data, columns, (i) => i % columns);
}

/** Encodes increasing integers as differences, seven bits per byte, lowest bits first. */
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
const AT_ONCE = 3 * 2 ** 12; // bytes; a multiple of three, so that only the last part is padded

/** Encodes bytes as base64. */
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
