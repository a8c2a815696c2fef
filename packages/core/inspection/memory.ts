/**
 * Memory: how long a network remembers each word of a text.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { outputWidth } from "../network/shapes.ts";
import { type LayerOptions, readText, statesOf } from "./layer_states.ts";

/** The result of {@linkcode traceMemory}. */
export interface MemoryTrace {
  /** The words or symbols, without the start token. */
  words: string[];
  /**
   * `differences[i][t]`: how much the state after word t changes if word i is removed, from 0 (the
   * same state) to 1: the distance of the two states divided by the sum of their norms. For t
   * before i, it is 0 in a network that reads forward only.
   */
  differences: number[][];
}

/**
 * Measures how long each word of a text is remembered: removes the word, and compares the states
 * after all other words with those of the whole text. At the word itself, the state after it is
 * compared with the state before it.
 *
 * @throws {InputError} If the text has no words or more than 100,000 characters, the layer does not
 *   exist, the model cannot be inspected, or its weights overflow.
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
 * assertEquals(differences[1][0], 0); // a later word has no effect
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
          stateAt(shorter, marks + (t < i ? t : t - 1)), // words after i moved one place forward
        ))
    ),
  };
}

/** Computes ‖a − b‖ / (‖a‖ + ‖b‖), or 0 if both are zero. */
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
