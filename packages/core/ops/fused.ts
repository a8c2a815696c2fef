/**
 * Fused ops, and what stands in for each where a backend does not offer it.
 *
 * @module
 */
import type { Backend, FusedOps, Ops } from "../backend.ts";

/** A fused op composed of primitives: the same parameters after the ops to compute with. */
type Composed<F extends (...args: never[]) => unknown> = (
  ops: Backend,
  ...args: Parameters<F>
) => ReturnType<F>;

/**
 * Whether batches may have any shape, so that padding need not be computed: a backend that attends
 * sentence by sentence builds no sizes into its kernels.
 */
export function takesAnyShape(ops: Ops): boolean {
  return ops.attention !== undefined;
}

/** The backend's own fused op where it has one, else its definition by primitives. */
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
