/**
 * Measures a library before it is used: whether its products are correct, and how fast.
 *
 * @module
 */
import type { Kernel, Kernels, MatrixProducts, Space } from "@unroll/backend-cpu/kernels";
import { IS_FRESH } from "./sgemm.ts";

const BYTES = 4; // per number
const M = 64, K = 256, N = 512; // a step of a batch of 64 in a small LSTM
const SMALL = { m: 3, k: 5, n: 7 }; // for the comparison
const ROUNDS = 8, CALLS = 4; // some ten milliseconds in all
const OWN = 1024; // bytes for the parameters

/** Measured speeds, in GFLOP/s on one thread. */
export interface Measured {
  /** The speed of the library, and of the WebAssembly kernels. */
  gflops: number;
  wasm: number;
}

/**
 * Times a library's product and WebAssembly's, alternating, on one thread.
 *
 * @throws {Error} If the library's results are wrong.
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
      if (!(Math.abs(out[i] - other[i]) < 1e-5)) throw new Error("its matrix products are wrong");
    }
    let library = Infinity, wasm = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      library = Math.min(library, timeOf(byLibrary));
      wasm = Math.min(wasm, timeOf(byWasm));
    }
    const operations = 2 * CALLS * M * K * N / 1e6; // per ms this is GFLOP/s
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
