/**
 * What happens inside a network: its states word by word, and how far gradients reach back.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import { type Example, requireLength } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { allLogits, argmax, arrange } from "../classification/evaluate.ts";
import { layerOutputs } from "../network/layer.ts";
import { readAndDispose, requireFinite, withWeights } from "../inference.ts";
import { encodeExamples, type Model, requireTask } from "../model.ts";
import { backward, forward } from "../network/network.ts";
import { outputWidth } from "../network/config.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { targetsOf } from "../training/step.ts";
import { tokenize } from "../text/tokenizer.ts";
import { encode, indexWords } from "../text/vocabulary.ts";

/** A text as a network goes through it. */
export interface TextTrace {
  /** Its words. */
  words: string[];
  /** The top layer's state after each word: so many numbers for each of so many words. */
  states: number[][];
  /** What the network would say if the text ended with that word; of a model that labels words,
   * what it says of the word. */
  verdicts: { label: string; probability: number }[];
}

/**
 * The states of a network over a text, and its verdict after each word.
 *
 * @param options `maxWords`: how many of the text's words to look at. Default: all.
 * @throws {InputError} For a text without words, or of more than 100,000 characters, and for a model
 *   whose weights overflow.
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
  model: Model,
  text: string,
  { maxWords = Infinity }: { maxWords?: number } = {},
): Promise<TextTrace> {
  requireTask(model, "classification");
  requireLength(text);
  const words = tokenize(text, model.tokenizer).slice(0, maxWords);
  if (words.length === 0) throw new InputError("a text without words has no states");
  const { config, vocabulary, labels } = model;
  const ids = encode(words, indexWords(vocabulary));
  const sentences = config.head === "token" ? [ids] : ids.keys().map((t) => ids.subarray(0, t + 1));
  const ops = opsOf(backend);
  const [h, y, p] = await withWeights(ops, model, (weights) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const batch = createBatch(ops, config, [ids], vocabulary.length);
        const { layers } = forward(ops, config, weights, batch);
        const outputs = layerOutputs(ops, layers[config.layers - 1], batch);
        const logits = allLogits(ops, config, weights, arrange(ops, model, [...sentences]));
        return [outputs, logits, ops.softmax(logits)];
      }),
    ));
  requireFinite(y);
  const width = outputWidth(config);
  return {
    words,
    states: words.map((_, t) => [...h.subarray(t * width, (t + 1) * width)]),
    verdicts: words.map((_, t) => {
      const label = argmax(p, t, labels.length);
      return { label: labels[label], probability: p[t * labels.length + label] };
    }),
  };
}

/**
 * How much of the loss's gradient reaches each word, counted from the end: element k is the norm of
 * dL/dz for the inputs z = x Wxh + b_h of the lowest layer, k words before the last, as the mean
 * over all examples that have such a word. Where it shrinks with every step back, early words teach
 * nothing: the gradient vanishes.
 *
 * @throws {InputError} Where an example cannot be used, there is none, or the model's weights
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
  model: Model,
  examples: readonly Example[],
): Promise<number[]> {
  requireTask(model, "classification");
  if (examples.length === 0) throw new InputError("there are no examples to measure with");
  const { config } = model;
  const ops = opsOf(backend);
  const encoded = encodeExamples(model, examples);
  const read = await withWeights(ops, model, (weights) => {
    const reading: Promise<FloatArray[]>[] = [];
    for (const example of encoded) {
      const timeSteps = example.words.length;
      const dInputs = ops.scope(() => {
        const batch = createBatch(ops, config, [example.words], model.vocabulary.length);
        const targets = targetsOf(config, [example], timeSteps);
        const labels = ops.indices(targets, model.labels.length);
        const mean = new Float64Array(targets.length).fill(1 / targets.length);
        const rowWeights = ops.tensor(mean, [targets.length, 1]);
        const pass = forward(ops, config, weights, batch);
        const { layers } = backward(ops, config, weights, batch, pass, labels, rowWeights);
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
