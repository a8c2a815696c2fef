/**
 * What a backend is written with: the tensor interface, the lives of handles, and the error of a
 * device.
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
