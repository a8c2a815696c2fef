/**
 * The suite that a backend has to pass: every primitive against plain loops in float64, every
 * fused op against its composition from primitives, and the lifetimes of tensors.
 *
 * @example Run it with Deno's test runner
 * ```ts
 * import { conformanceCases } from "@unroll/core/conformance";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 *
 * for (const { name, run } of conformanceCases(() => createCpuBackend())) {
 *   Deno.test(`cpu: ${name}`, run);
 * }
 * ```
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { descentCases } from "./descent.ts";
import { fusedCases } from "./fused.ts";
import { lifetimeCases } from "./lifetimes.ts";
import { primitiveCases } from "./primitives.ts";

/** One thing that a backend must do. */
export interface ConformanceCase {
  /** What it is, as a sentence. */
  name: string;
  /** Tries it; rejects with an `Error` that says what was expected and what came. */
  run(): Promise<void>;
}

/**
 * The cases of the suite.
 *
 * @param create Makes the backend, once for each case; it may give the same one every time.
 *
 * @example
 * ```ts
 * import { conformanceCases } from "@unroll/core/conformance";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 *
 * const backend = createCpuBackend({ dtype: "float64" });
 * for (const { run } of conformanceCases(() => backend)) await run();
 * ```
 */
export function conformanceCases(create: () => Backend | Promise<Backend>): ConformanceCase[] {
  return [...primitiveCases(), ...fusedCases(), ...descentCases(), ...lifetimeCases()].map((
    { name, run },
  ) => ({
    name,
    run: async () => await run(await create()),
  }));
}
