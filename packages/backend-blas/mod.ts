/**
 * The CPU backend with matrix products on the machine's BLAS: OpenBLAS, MKL, BLIS or Accelerate.
 *
 * @example Train with a BLAS
 * ```ts ignore
 * import { createModel, train } from "@unroll/core";
 * import { createBlasBackend } from "@unroll/backend-blas";
 *
 * using backend = createBlasBackend();
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { hidden: 256 });
 * for await (const _event of train(backend, model, examples));
 * ```
 *
 * @module
 */
export { type BlasBackend, type BlasBackendOptions, createBlasBackend } from "./create_backend.ts";
export type { BlasLibrary } from "./library.ts";
