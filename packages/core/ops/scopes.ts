/**
 * Scopes, for authors of backends: handles created in a scope are released at its end.
 *
 * @module
 */
import type { Indices, Tensor } from "../backend.ts";

/**
 * The open scopes of a backend: the complete implementation of {@linkcode Backend.scope}.
 *
 * @example
 * ```ts
 * import { Scopes, type Tensor } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const released: Tensor[] = [];
 * const scopes = new Scopes<Tensor>((tensor) => released.push(tensor));
 * const [kept, freed]: Tensor[] = [{ shape: [1, 1] }, { shape: [2, 2] }];
 * scopes.run(() => {
 *   scopes.track(kept);
 *   scopes.track(freed);
 *   return [kept];
 * });
 * assertEquals(released, [freed]);
 * ```
 */
export class Scopes<Handle extends Tensor | Indices> {
  readonly #release: (handle: Handle) => void;
  readonly #made: Handle[][] = []; // one list per depth, reused
  #depth = 0;

  /** Creates scopes that call `release` on each handle; it must tolerate already released ones. */
  constructor(release: (handle: Handle) => void) {
    this.#release = release;
  }

  /** Registers a handle as created in the innermost scope, if one is open. */
  track(handle: Handle): void {
    if (this.#depth > 0) this.#made[this.#depth - 1].push(handle);
  }

  /** Runs `fn` in a scope. The handles that it returns pass to the enclosing scope. */
  run<Kept extends readonly (Tensor | Indices)[]>(fn: () => Kept): Kept {
    const made = this.#made[this.#depth] ??= [];
    this.#depth++;
    let kept: readonly (Tensor | Indices)[] = [];
    try {
      const result = fn();
      kept = result;
      return result;
    } finally {
      this.#depth--;
      for (const handle of made) {
        if (kept.includes(handle)) this.track(handle);
        else this.#release(handle);
      }
      made.length = 0;
    }
  }
}
