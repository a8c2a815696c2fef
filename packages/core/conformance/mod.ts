/**
 * The conformance suite for backends: every primitive is compared with plain loops in float64,
 * every fused op with its composition from primitives, and the lifetimes of tensors are checked.
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
 * @example Leave out a case, with the reason
 * ```ts
 * import { conformanceCases } from "@unroll/core/conformance";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 *
 * const leftOut = { "tanh() of extreme arguments": "the device's tanh overflows at 1000" };
 * const create = () => createCpuBackend();
 * for (const { name, run, leftOut: reason } of conformanceCases(create, create, { leftOut })) {
 *   const why = reason === undefined ? "" : ` (left out: ${reason})`;
 *   Deno.test({ name: `cpu: ${name}${why}`, ignore: reason !== undefined, fn: run });
 * }
 * ```
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { BackendCase } from "./compare.ts";
import { sgdStepsCases } from "./sgd_steps.ts";
import { disposalCases } from "./disposal.ts";
import { fusedCases } from "./fused.ts";
import { normCases } from "./norms.ts";
import { raggedCases } from "./ragged.ts";
import { lifetimeCases } from "./lifetimes.ts";
import { primitiveCases } from "./primitives.ts";

/** One requirement on a backend. */
export interface ConformanceCase {
  /** The requirement, as a sentence. */
  name: string;
  /** Runs the case; rejects with an `Error` that has the expected and the actual result. */
  run(): Promise<void>;
  /** If the backend leaves the case out, the reason: report it as ignored, with this reason. */
  leftOut?: string;
}

/** Options of {@linkcode conformanceCases}. */
export interface ConformanceOptions {
  /** Cases to leave out: the reason, by the case's name. Default: none. */
  leftOut?: Readonly<Record<string, string>>;
}

/**
 * Returns the cases of the suite.
 *
 * @param create Creates the backend, once per case; may return the same one every time.
 * @param createOwn Creates a backend that a case may dispose of. Default: none; the cases that
 *   dispose of their backend are then omitted.
 * @throws {InputError} If `leftOut` has a name that no case has, or an empty reason.
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
  { leftOut = {} }: ConformanceOptions = {},
): ConformanceCase[] {
  const shared = [
    ...primitiveCases(),
    ...fusedCases(),
    ...raggedCases(),
    ...normCases(),
    ...sgdStepsCases(),
    ...lifetimeCases(),
  ];
  const own = disposalCases();
  checkLeftOut(leftOut, [...shared, ...own]);
  const on = (create: () => Backend | Promise<Backend>, cases: BackendCase[]) =>
    cases.map(({ name, run }): ConformanceCase => ({
      name,
      run: async () => await run(await create()),
      ...(Object.hasOwn(leftOut, name) ? { leftOut: leftOut[name] } : {}),
    }));
  return [...on(create, shared), ...createOwn ? on(createOwn, own) : []];
}

/** Throws if a name to leave out belongs to no case, as after a rename, or has no reason. */
function checkLeftOut(
  leftOut: Readonly<Record<string, string>>,
  cases: readonly BackendCase[],
): void {
  const names = new Set(cases.map(({ name }) => name));
  for (const [name, reason] of Object.entries(leftOut)) {
    if (!names.has(name)) {
      throw new InputError(`the suite has no case ${quote(name)}; remove it from leftOut`);
    }
    if (reason.trim() === "") throw new InputError(`leftOut needs a reason for ${quote(name)}`);
  }
}
