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
 * @example A backend that leaves a case out, and says why
 * ```ts
 * import { conformanceCases } from "@unroll/core/conformance";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 *
 * const leftOut = { "tanh() far out": "the device's tanh overflows from 1000 on" };
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

/** One thing that a backend must do. */
export interface ConformanceCase {
  /** What it is, as a sentence. */
  name: string;
  /** Tries it; rejects with an `Error` that says what was expected and what came. */
  run(): Promise<void>;
  /** Why the backend leaves it out, where it does: to be reported as ignored, with this reason. */
  leftOut?: string;
}

/** Options of {@linkcode conformanceCases}. */
export interface ConformanceOptions {
  /** By a case's name, why the backend does not do what it asks. Default: nothing is left out. */
  leftOut?: Readonly<Record<string, string>>;
}

/**
 * The cases of the suite.
 *
 * @param create Makes the backend, once for each case; it may give the same one every time.
 * @param createOwn Makes a backend that a case may dispose of. Default: none, and the cases that would
 *   are not there.
 * @throws {InputError} Where a name that is left out is no case's, or has no reason.
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

/** Throws where a name is no case's, such as that of a case that has been renamed, or has no reason. */
function checkLeftOut(
  leftOut: Readonly<Record<string, string>>,
  cases: readonly BackendCase[],
): void {
  const names = new Set(cases.map(({ name }) => name));
  for (const [name, reason] of Object.entries(leftOut)) {
    if (!names.has(name)) {
      throw new InputError(`the suite has no case ${quote(name)} to leave out; take its name out`);
    }
    if (reason.trim() === "") throw new InputError(`say why ${quote(name)} is left out`);
  }
}
