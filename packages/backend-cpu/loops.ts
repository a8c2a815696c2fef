/**
 * The loops with work in them. Every array is row-major; `aRow` and `aColumn` are the distances
 * between neighbours down a column and along a row of a, so that one loop serves a and aᵀ.
 *
 * @module
 */
import type { FloatArray } from "@unroll/core";

/**
 * out += a b: rows of b, times one number each, are added to a row of out. Eight at a time, and
 * four where no eight are left, so that out is fetched and stored less often.
 */
export function addProduct(
  out: FloatArray,
  outStart: number,
  a: FloatArray,
  aStart: number,
  aRow: number,
  aColumn: number,
  b: FloatArray,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = outStart + i * n;
    let p = 0;
    let at = aStart + i * aRow;
    for (; p + 8 <= k; p += 8, at += 8 * aColumn) {
      const a0 = a[at], a1 = a[at + aColumn], a2 = a[at + 2 * aColumn], a3 = a[at + 3 * aColumn];
      const a4 = a[at + 4 * aColumn], a5 = a[at + 5 * aColumn];
      const a6 = a[at + 6 * aColumn], a7 = a[at + 7 * aColumn];
      for (let j = row, q = p * n; j < row + n; j++, q++) {
        out[j] += a0 * b[q] + a1 * b[q + n] + a2 * b[q + 2 * n] + a3 * b[q + 3 * n] +
          a4 * b[q + 4 * n] + a5 * b[q + 5 * n] + a6 * b[q + 6 * n] + a7 * b[q + 7 * n];
      }
    }
    for (; p + 4 <= k; p += 4, at += 4 * aColumn) {
      const a0 = a[at], a1 = a[at + aColumn], a2 = a[at + 2 * aColumn], a3 = a[at + 3 * aColumn];
      for (let j = row, q = p * n; j < row + n; j++, q++) {
        out[j] += a0 * b[q] + a1 * b[q + n] + a2 * b[q + 2 * n] + a3 * b[q + 3 * n];
      }
    }
    for (; p < k; p++, at += aColumn) {
      const a0 = a[at];
      for (let j = row, q = p * n; j < row + n; j++, q++) out[j] += a0 * b[q];
    }
  }
}

/** out += a bᵀ: each number of out is a row of a times a row of b, four of them at a time. */
export function addProductTransposed(
  out: FloatArray,
  outStart: number,
  a: FloatArray,
  aStart: number,
  aRow: number,
  aColumn: number,
  b: FloatArray,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = outStart + i * n;
    const first = aStart + i * aRow;
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const b0 = j * k, b1 = b0 + k, b2 = b1 + k, b3 = b2 + k;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let p = 0, at = first; p < k; p++, at += aColumn) {
        const x = a[at];
        s0 += x * b[b0 + p];
        s1 += x * b[b1 + p];
        s2 += x * b[b2 + p];
        s3 += x * b[b3 + p];
      }
      out[row + j] += s0;
      out[row + j + 1] += s1;
      out[row + j + 2] += s2;
      out[row + j + 3] += s3;
    }
    for (; j < n; j++) {
      let sum = 0;
      for (let p = 0, at = first; p < k; p++, at += aColumn) sum += a[at] * b[j * k + p];
      out[row + j] += sum;
    }
  }
}

/** out = tanh a, for `count` numbers from `start`; out may be a. */
export function tanhLoop(out: FloatArray, a: FloatArray, start: number, count: number): void {
  if (out instanceof Float64Array) {
    for (let i = start; i < start + count; i++) out[i] = Math.tanh(a[i]);
  } else {
    for (let i = start; i < start + count; i++) out[i] = tanh32(a[i]);
  }
}

// Several times faster than Math.tanh, and right to float32: 1 - 2 / (e^2x + 1) has an absolute
// error near 1e-16, so close to zero, where tanh itself is small, its Taylor series takes over.
function tanh32(x: number): number {
  return x > -1e-3 && x < 1e-3 ? x - x * x * x / 3 : 1 - 2 / (Math.exp(2 * x) + 1);
}
