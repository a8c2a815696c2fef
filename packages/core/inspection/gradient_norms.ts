/**
 * Gradient norms over time: how far gradients reach back.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import type { Example } from "../data/examples.ts";
import type { Sequence } from "../sequence.ts";
import { InputError } from "../errors.ts";
import { type AnyModel, networkWeights } from "../model.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import type { EncodedExample } from "../training/encoded.ts";
import { inspectedBackward, inspectionOf } from "./inspection.ts";

/**
 * Computes the norm of the loss's gradient at each word, counted from the end: element k is the
 * norm of dL/dz for the inputs z = x Wxh + b_h of the lowest layer, k words before the last,
 * averaged over all examples that have such a word; for an ensemble, also over its networks. If the
 * norm shrinks with every step back, the gradient vanishes, and the network learns nothing from
 * early words.
 *
 * @throws {InputError} If an example cannot be used, there are none, or the model's weights
 *   overflow.
 *
 * @example
 * ```ts
 * import { createModel, gradientNorms } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "so so good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { init: "scaled" });
 * assertEquals((await gradientNorms(createCpuBackend(), model, examples)).length, 3);
 * ```
 */
export async function gradientNorms(
  backend: Backend,
  model: AnyModel,
  examples: Sequence<Example>,
): Promise<number[]> {
  if (model.ensemble) return await meanNorms(backend, model, examples);
  const task = taskOf(model);
  inspectionOf(task, model);
  if (!task.predict || !task.stream) throw new InputError(task.usage);
  if (examples.length === 0) throw new InputError("there are no examples");
  const ops = opsOf(backend);
  const encoded: EncodedExample[] = [...task.encode(model, examples)];
  const read = await withWeights(ops, task, model, (on) => {
    const reading: Promise<FloatArray[]>[] = [];
    for (const example of encoded) {
      const dInputs = ops.scope(() => {
        const { layers } = inspectedBackward(on, task, example);
        return [layers[0].cells[0].dInputs];
      });
      reading.push(readAndDispose(ops, dInputs));
    }
    return Promise.all(reading);
  });
  const sums: number[] = [], counts: number[] = [];
  for (const [i, [d]] of read.entries()) {
    requireFinite(d, "gradients");
    const timeSteps = encoded[i].words.length;
    const width = d.length / timeSteps;
    for (let t = 0; t < timeSteps; t++) {
      const back = timeSteps - 1 - t;
      const row = d.subarray(t * width, (t + 1) * width);
      sums[back] = (sums[back] ?? 0) + Math.hypot(...row);
      counts[back] = (counts[back] ?? 0) + 1;
    }
  }
  return sums.map((sum, back) => sum / counts[back]);
}

/** Averages the gradient norms over the networks of an ensemble. */
async function meanNorms(
  backend: Backend,
  model: AnyModel,
  examples: Sequence<Example>,
): Promise<number[]> {
  const all: number[][] = [];
  for (const weights of networkWeights(model)) {
    all.push(await gradientNorms(backend, { ...model, weights, ensemble: undefined }, examples));
  }
  return all[0].map((_, back) => all.reduce((sum, norms) => sum + norms[back], 0) / all.length);
}
