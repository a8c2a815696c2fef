/**
 * For authors of backends: the tensor interface, scopes that manage the lifetime of handles, and
 * the error for device failures.
 *
 * @example
 * ```ts
 * import { Scopes, type Tensor } from "@unroll/core/device";
 * import { assertEquals } from "@std/assert";
 *
 * const freed: Tensor[] = [];
 * const scopes = new Scopes<Tensor>((tensor) => freed.push(tensor));
 * const tensor: Tensor = { shape: [1, 1] };
 * scopes.run(() => (scopes.track(tensor), []));
 * assertEquals(freed, [tensor]);
 * ```
 *
 * @module
 */
export type * from "./backend.ts";
export { DeviceError } from "./errors.ts";
export { Scopes } from "./ops/scopes.ts";
