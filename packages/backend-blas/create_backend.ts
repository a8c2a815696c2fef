import type { CpuBackend } from "../backend-cpu/backend.ts";
import { Products } from "../backend-cpu/products.ts";
import { createSimdBackend } from "../backend-cpu/simd.ts";
import { extendKernels } from "../backend-cpu/wasm/kernels.ts";
import { BlasProducts } from "./products.ts";
import { createSgemm } from "./sgemm.ts";

export interface BlasBackendOptions {
  path?: string;
  threads?: number;
  memory?: number;
}

export function createBlasBackend(options: BlasBackendOptions = {}): CpuBackend {
  const { path = "libopenblas.so.0", threads = 1, memory } = options;
  const set = Deno.dlopen(path, {
    openblas_set_num_threads: { parameters: ["i32"], result: "void" },
  });
  set.symbols.openblas_set_num_threads(1);
  return createSimdBackend({
    fused: true,
    threads,
    memory,
    products: {
      name: "blas",
      create(kernels, threads, scratch) {
        const bytes = new Uint8Array(kernels.memory.buffer as ArrayBuffer);
        const base = Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
        const given = { path, base };
        extendKernels(
          kernels,
          { name: "sgemm", source: createSgemm.toString(), given },
          createSgemm(kernels.memory, given),
        );
        return new BlasProducts(kernels, threads, new Products(kernels, threads, scratch));
      },
    },
  })!;
}
