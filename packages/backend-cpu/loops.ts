/**
 * The inner loops of the plain kernels.
 *
 * @module
 */
/** Numbers in memory of any kind; that of WebAssembly may be shared. */
export type Numbers = Float32Array | Float64Array;

/**
 * out += a b, for out `[m, n]`: out(i, j) += Σ_p a(i, p) b(p, j).
 *
 * The strides of a's and b's rows and columns are given in numbers, so that one loop serves
 * matrices and their transposes; out is row-major. `outStart` and `aStart` are the first index of
 * out and a.
 */
export function addProduct(
  out: Numbers,
  outStart: number,
  a: Numbers,
  aStart: number,
  aRow: number,
  aColumn: number,
  b: Numbers,
  bRow: number,
  bColumn: number,
  m: number,
  k: number,
  n: number,
): void {
  const eights = k - k % 8;
  const r2 = 2 * bRow, r3 = 3 * bRow, r4 = 4 * bRow, r5 = 5 * bRow, r6 = 6 * bRow, r7 = 7 * bRow;
  const c2 = 2 * bColumn, c3 = 3 * bColumn, c4 = 4 * bColumn;
  const c5 = 5 * bColumn, c6 = 6 * bColumn, c7 = 7 * bColumn;
  for (let i = 0; i < m; i++) {
    const row = outStart + i * n;
    const rowEnd = row + n;
    let at = aStart + i * aRow;
    // Eight rows of b at a time: out is fetched and stored once for eight products.
    for (let p = 0; p < eights; p += 8, at += 8 * aColumn) {
      const a0 = a[at], a1 = a[at + aColumn], a2 = a[at + 2 * aColumn], a3 = a[at + 3 * aColumn];
      const a4 = a[at + 4 * aColumn], a5 = a[at + 5 * aColumn];
      const a6 = a[at + 6 * aColumn], a7 = a[at + 7 * aColumn];
      for (let to = row, q = p * bRow; to < rowEnd; to++, q += bColumn) {
        out[to] += a0 * b[q] + a1 * b[q + bRow] + a2 * b[q + r2] + a3 * b[q + r3] +
          a4 * b[q + r4] + a5 * b[q + r5] + a6 * b[q + r6] + a7 * b[q + r7];
      }
    }
    if (eights === k) continue;
    // The remaining rows of b, usually a few time steps, eight columns at a time.
    let to = row;
    for (let q = eights * bRow; to + 8 <= rowEnd; to += 8, q += 8 * bColumn) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
      for (let p = eights, x = at, y = q; p < k; p++, x += aColumn, y += bRow) {
        const a0 = a[x];
        s0 += a0 * b[y];
        s1 += a0 * b[y + bColumn];
        s2 += a0 * b[y + c2];
        s3 += a0 * b[y + c3];
        s4 += a0 * b[y + c4];
        s5 += a0 * b[y + c5];
        s6 += a0 * b[y + c6];
        s7 += a0 * b[y + c7];
      }
      out[to] += s0;
      out[to + 1] += s1;
      out[to + 2] += s2;
      out[to + 3] += s3;
      out[to + 4] += s4;
      out[to + 5] += s5;
      out[to + 6] += s6;
      out[to + 7] += s7;
    }
    for (; to < rowEnd; to++) {
      let sum = 0;
      let y = eights * bRow + (to - row) * bColumn;
      for (let p = eights, x = at; p < k; p++, x += aColumn, y += bRow) sum += a[x] * b[y];
      out[to] += sum;
    }
  }
}

/** out = tanh a, for `count` numbers from index `start`; out may be a. */
export function tanhLoop(out: Numbers, a: Numbers, start: number, count: number): void {
  if (out instanceof Float64Array) {
    for (let i = start; i < start + count; i++) out[i] = Math.tanh(a[i]);
  } else {
    for (let i = start; i < start + count; i++) out[i] = tanh32(a[i]);
  }
}

// Several times faster than Math.tanh, and accurate to float32: 1 - 2 / (e^2x + 1) has an absolute
// error near 1e-16; close to zero, where tanh itself is small, its Taylor series is used instead.
function tanh32(x: number): number {
  return x > -1e-3 && x < 1e-3 ? x - x * x * x / 3 : 1 - 2 / (Math.exp(2 * x) + 1);
}

/** out = σ(a), for `count` numbers from index `start`; out may be a. */
export function sigmoidLoop(out: Numbers, a: Numbers, start: number, count: number): void {
  for (let i = start; i < start + count; i++) out[i] = 1 / (1 + Math.exp(-a[i]));
}

/** out = max(0, a), for `count` numbers from index `start`, NaN for NaN; out may be a. */
export function reluLoop(out: Numbers, a: Numbers, start: number, count: number): void {
  for (let i = start; i < start + count; i++) out[i] = a[i] < 0 ? 0 : a[i];
}

/** data ← keep · data + add · clip(x), for `count` numbers from the given indices. */
export function updateLoop(
  data: Numbers,
  dataStart: number,
  x: Numbers,
  xStart: number,
  count: number,
  keep: number,
  add: number,
  clip: number,
): void {
  const shift = xStart - dataStart;
  for (let i = dataStart; i < dataStart + count; i++) {
    const d = x[i + shift];
    data[i] = keep * data[i] + add * (Math.abs(d) <= clip ? d : Math.sign(d) * clip);
  }
}
