/**
 * The states and predictions of a network after each word.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import type { ClassificationModel } from "../classification/model.ts";
import { requireLength } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { layerOutputs } from "../network/layer.ts";
import { argmax } from "../network/loss.ts";
import { outputWidth } from "../network/shapes.ts";
import { stackForward } from "../network/stack.ts";
import { createTextBatch } from "../network/text_batch.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { TaggingModel } from "../tagging/model.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import { inspectionOf } from "./inspection.ts";

/** The result of {@linkcode traceText}. */
export interface TextTrace {
  /** The words of the text. */
  words: string[];
  /** `states[t]`: the top layer's state after word t. */
  states: number[][];
  /** The prediction after each word, as if the text ended there; for a tagger, for the word. */
  predictions: { label: string; probability: number }[];
}

/**
 * Computes the states of a network over a text, and its prediction after each word.
 *
 * @param options `maxWords`: the maximum number of words of the text. Default: all.
 * @throws {InputError} If the text has no words or more than 100,000 characters, the model cannot
 *   be inspected, or its weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceText } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const { words, states } = await traceText(createCpuBackend(), model, "not so bad");
 * assertEquals([words.length, states.length, states[0].length], [3, 3, 64]);
 * ```
 */
export async function traceText(
  backend: Backend,
  model: ClassificationModel | TaggingModel,
  text: string,
  { maxWords = Infinity }: { maxWords?: number } = {},
): Promise<TextTrace> {
  requireLength(text);
  const task = taskOf(model), { read, logits } = inspectionOf(task, model);
  if (!logits || task.predict === undefined) throw new InputError(task.usage);
  const { spellings, ...all } = read(model, text);
  const words = all.words.slice(0, maxWords), ids = all.ids.slice(0, maxWords);
  if (words.length === 0) throw new InputError("a text without words has no states");
  const { config, vocabulary, labels } = model;
  const ops = opsOf(backend);
  const [h, y, p] = await withWeights(ops, task, model, (on) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const batch = createTextBatch(ops, config, [ids], spellings ?? vocabulary.length);
        const { layers } = stackForward(ops, config, on.weights, batch);
        const outputs = layerOutputs(ops, layers[config.layers - 1], batch);
        const afterWords = logits(on, ids, spellings);
        return [outputs, afterWords, ops.softmax(afterWords)];
      }),
    ));
  requireFinite(y);
  const width = outputWidth(config);
  return {
    words,
    states: words.map((_, t) => [...h.subarray(t * width, (t + 1) * width)]),
    predictions: words.map((_, t) => {
      const label = argmax(p, t, labels.length);
      return { label: labels[label], probability: p[t * labels.length + label] };
    }),
  };
}
