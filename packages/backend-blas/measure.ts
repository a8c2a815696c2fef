/**
 * How fast a product is, and whether it is right: what a library is measured by before it is taken.
 *
 * @module
 */
import type { Kernel, Kernels, MatrixProducts, Space } from "@unroll/backend-cpu/kernels";
import { IS_FRESH } from "./sgemm.ts";

const BYTES = 4; // of a number
const M = 64, K = 256, N = 512; // as a step of a batch of 64 by a small LSTM
const SMALL = { m: 3, k: 5, n: 7 }; // to compare
const ROUNDS = 8, CALLS = 4; // some ten milliseconds in all
const OWN = 1024; // bytes at the beginning, where parameters may stand

/** What came of it. */
export interface Measured {
  /** Billions of operations a second by the library, and by the kernels in WebAssembly. */
  gflops: number;
  wasm: number;
}

/**
 * Times a library's product in turns with that of WebAssembly, on one thread.
 *
 * @throws {Error} Where its numbers are wrong.
 */
export function measure(
  kernels: Kernels,
  space: Space,
  sgemm: Kernel,
  products: MatrixProducts,
): Measured {
  const [a, b, out, other] = [[M, K], [K, N], [M, N], [M, N]].map(([m, n]) => space.floatsOf(m, n));
  const parameters = space.floatsOf(1, OWN / BYTES);
  try {
    for (const [i, numbers] of [a, b].entries()) {
      for (let j = 0; j < numbers.length; j++) numbers[j] = ((j * 7 + i * 3) % 13) / 13 - 0.5;
    }
    const given = new Int32Array(kernels.memory.buffer, parameters.byteOffset, 10);
    const byLibrary = (m: number, k: number, n: number) => {
      given.set([out.byteOffset, a.byteOffset, b.byteOffset, m, k, n, n, k, n, IS_FRESH]);
      sgemm(given.byteOffset);
    };
    const place = (at: number, columns: number) => ({ at, row: BYTES * columns, column: BYTES });
    const byWasm = (m: number, k: number, n: number) =>
      products.add(
        other.byteOffset,
        place(a.byteOffset, k),
        place(b.byteOffset, n),
        m,
        k,
        n,
        undefined,
        true,
      );
    const { m, k, n } = SMALL;
    byLibrary(m, k, n);
    byWasm(m, k, n);
    for (let i = 0; i < m * n; i++) {
      if (!(Math.abs(out[i] - other[i]) < 1e-5)) throw new Error("its products are wrong");
    }
    let library = Infinity, wasm = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      library = Math.min(library, timeOf(byLibrary));
      wasm = Math.min(wasm, timeOf(byWasm));
    }
    const operations = 2 * CALLS * M * K * N / 1e6; // in a millisecond: billions in a second
    return { gflops: operations / library, wasm: operations / wasm };
  } finally {
    for (const buffer of [a, b, out, other, parameters]) space.giveBack(buffer);
  }
}

function timeOf(product: (m: number, k: number, n: number) => void): number {
  const began = performance.now();
  for (let call = 0; call < CALLS; call++) product(M, K, N);
  return performance.now() - began;
}
