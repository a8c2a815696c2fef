/**
 * Fused ops, and the compositions used for those that a backend does not offer.
 *
 * @module
 */
import type { Backend, FusedOps, Ops } from "../backend.ts";

/** A fused op composed of primitives: its first parameter is the ops to compute with. */
type Composed<F extends (...args: never[]) => unknown> = (
  ops: Backend,
  ...args: Parameters<F>
) => ReturnType<F>;

/**
 * Whether batches may have any shape, so that padding need not be computed: a backend with its own
 * attention, which works sentence by sentence, compiles no sizes into its kernels.
 */
export function takesAnyShape(ops: Ops): boolean {
  return ops.attention !== undefined;
}

/** Returns the backend's fused op if it has one, otherwise its composition of primitives. */
export function fusedOr<Name extends keyof FusedOps>(
  ops: Ops,
  name: Name,
  composed: Composed<FusedOps[Name]>,
): FusedOps[Name] {
  const own = ops[name] as FusedOps[Name] | undefined;
  return own ??
    ((...args: unknown[]) =>
      (composed as (...args: unknown[]) => unknown)(ops, ...args)) as unknown as FusedOps[Name];
}
