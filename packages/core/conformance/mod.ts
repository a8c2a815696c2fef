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
import type { BackendCase } from "./compare.ts";
import { descentCases } from "./descent.ts";
import { disposalCases } from "./disposal.ts";
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
 * @param createOwn Makes a backend that a case may dispose of. Default: none, and the cases that would
 *   are left out.
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
export function conformanceCases(
  create: () => Backend | Promise<Backend>,
  createOwn?: () => Backend | Promise<Backend>,
): ConformanceCase[] {
  const on = (create: () => Backend | Promise<Backend>, cases: BackendCase[]) =>
    cases.map(({ name, run }) => ({ name, run: async () => await run(await create()) }));
  return [
    ...on(create, [...primitiveCases(), ...fusedCases(), ...descentCases(), ...lifetimeCases()]),
    ...createOwn ? on(createOwn, disposalCases()) : [],
  ];
}
