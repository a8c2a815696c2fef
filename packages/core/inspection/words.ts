/**
 * The state of a network after each single word of the vocabulary.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import { layerOutputs } from "../network/layer.ts";
import { outputWidth } from "../network/shapes.ts";
import { stackForward } from "../network/stack.ts";
import { createTextBatch } from "../network/text_batch.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import { inspectionOf } from "./inspection.ts";

const WORDS_AT_ONCE = 512; // the batch size, which bounds the states on the device

/**
 * Computes the top layer's state after each word of the vocabulary, read as a text of one word,
 * `[words, width]` with both directions concatenated. It shows which words drive a unit up or down.
 * For a translation model, the states are the encoder's.
 *
 * @param options `maxWords`: the maximum number of words of the vocabulary. Default: all.
 * @throws {InputError} If the model cannot be inspected, or its weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceWords } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const states = await traceWords(createCpuBackend(), model);
 * assertEquals(states.length, 3 * 64); // the unknown word, bad and good
 * ```
 */
export async function traceWords(
  backend: Backend,
  model: AnyModel,
  { maxWords = Infinity }: { maxWords?: number } = {},
): Promise<FloatArray> {
  const { config, vocabulary } = model;
  const count = Math.min(maxWords, vocabulary.length), width = outputWidth(config);
  const ops = opsOf(backend);
  const task = taskOf(model), { stack, spell } = inspectionOf(task, model);
  const spelled = spell?.(model, vocabulary.slice(0, count));
  const parts = await withWeights(ops, task, model, ({ weights }) => {
    const reading: Promise<FloatArray[]>[] = [];
    for (let start = 0; start < count; start += WORDS_AT_ONCE) {
      const length = Math.min(WORDS_AT_ONCE, count - start);
      const words = Array.from(
        { length },
        (_, i) => Int32Array.of(spelled?.ids[start + i] ?? start + i),
      );
      const outputs = ops.scope(() => {
        const batch = createTextBatch(ops, config, words, spelled?.spellings ?? vocabulary.length);
        const { layers } = stackForward(ops, config, stack(weights), batch);
        return [layerOutputs(ops, layers[config.layers - 1], batch)];
      });
      reading.push(readAndDispose(ops, outputs));
    }
    return Promise.all(reading);
  });
  const states: FloatArray = ops.dtype === "float64"
    ? new Float64Array(count * width)
    : new Float32Array(count * width);
  for (const [i, [some]] of parts.entries()) {
    requireFinite(some, "states");
    states.set(some, i * WORDS_AT_ONCE * width);
  }
  return states;
}
