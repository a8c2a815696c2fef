/**
 * How long a network remembers each word of a text.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { outputWidth } from "../network/shapes.ts";
import { type LayerOptions, readText, statesOf } from "./layer_states.ts";

/** What {@linkcode traceMemory} finds. */
export interface MemoryTrace {
  /** The words, or the symbols, without a mark of the start. */
  words: string[];
  /**
   * `differences[i][t]`: how much the state after word t differs where word i is left out, from 0,
   * the same state, to 1: the distance of the two states over the sum of their norms. Where t is
   * before i, a network that reads forward alone has 0.
   */
  differences: number[][];
}

/**
 * How long each word of a text is remembered: it is left out, and the states after all other words
 * are compared with those of the whole text. The word's own place shows how much it changed at once.
 *
 * @throws {InputError} For a text without words, or of more than 100,000 characters, where there is
 *   no such layer, and for a model whose weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceMemory } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "so good", label: "up" }, { text: "so bad", label: "down" }];
 * const model = createModel(examples, { init: "scaled" });
 * const { differences } = await traceMemory(createCpuBackend(), model, "bad so so so");
 * assertEquals(differences[1][0], 0); // what is not read yet changes nothing
 * assert(differences[0][3] < differences[0][0]); // an untrained network forgets
 * ```
 */
export async function traceMemory(
  backend: Backend,
  model: AnyModel,
  text: string,
  options: LayerOptions = {},
): Promise<MemoryTrace> {
  const { words, ids, spellings, marks } = readText(model, text, options);
  const count = words.length - marks;
  if (count === 0) throw new InputError("a text without words has no states");
  const without = Array.from({ length: count }, (_, i) => ids.filter((_, t) => t !== marks + i));
  const [whole, ...others] = await statesOf(
    backend,
    model,
    [ids, ...without],
    spellings,
    options.layer,
  );
  const width = outputWidth(model.config);
  const zero = new Float64Array(width); // before the first word
  const stateAt = (states: FloatArray, t: number) =>
    t < 0 ? zero : states.subarray(t * width, (t + 1) * width);
  return {
    words: words.slice(marks),
    differences: others.map((shorter, i) =>
      Array.from({ length: count }, (_, t) =>
        difference(
          stateAt(whole, marks + t),
          stateAt(shorter, marks + (t < i ? t : t - 1)), // the words from i on stand one earlier
        ))
    ),
  };
}

/** ‖a − b‖ / (‖a‖ + ‖b‖). */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let distance = 0, sizeA = 0, sizeB = 0;
  for (let k = 0; k < a.length; k++) {
    distance += (a[k] - b[k]) ** 2;
    sizeA += a[k] ** 2;
    sizeB += b[k] ** 2;
  }
  const sizes = Math.sqrt(sizeA) + Math.sqrt(sizeB);
  return sizes > 0 ? Math.sqrt(distance) / sizes : 0;
}
