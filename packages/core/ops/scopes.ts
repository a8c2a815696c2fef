/**
 * Scopes, for authors of backends: what was made in one is released at its end.
 *
 * @module
 */
import type { Indices, Tensor } from "../backend.ts";

/**
 * The open scopes of a backend: the whole of {@linkcode Backend.scope}.
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
  readonly #made: Handle[][] = []; // a list for each depth, used again
  #depth = 0;

  /** Scopes that release by `release`, which must put up with what is released already. */
  constructor(release: (handle: Handle) => void) {
    this.#release = release;
  }

  /** Notes that a handle was made in the innermost scope, if one is open. */
  track(handle: Handle): void {
    if (this.#depth > 0) this.#made[this.#depth - 1].push(handle);
  }

  /** Runs `fn` in a scope. What it returns belongs to the scope around it. */
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
