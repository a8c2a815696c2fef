/**
 * The states of one layer over many texts.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import { requireLength } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { layerOutputs } from "../network/layer.ts";
import { outputWidth } from "../network/shapes.ts";
import { stackForward } from "../network/stack.ts";
import { createTextBatch } from "../network/text_batch.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import type { Spellings } from "../text/spellings.ts";
import { inspectionOf } from "./inspection.ts";

/** Options that select the states of a layer. */
export interface LayerOptions {
  /** The index of the layer, 0 for the lowest. Default: the top layer. */
  layer?: number;
  /** The maximum number of words of a text. Default: all. */
  maxWords?: number;
  /** The label that conditions a language model with labels. Default: no label. */
  label?: string;
}

/** A text and a layer's states over it. */
export interface LayerStates {
  /** The words or symbols; for a language model, the start token comes first. */
  words: string[];
  /** The state after each word, `[words, width]`, with both directions concatenated. */
  states: FloatArray;
}

/**
 * Computes the states of one layer over a batch of texts, for example to find the texts that
 * activate a unit most. A text without words has no states.
 *
 * @throws {InputError} If the layer does not exist, a text has more than 100,000 characters, the
 *   model cannot be inspected, or its weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceStates } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const texts = await traceStates(createCpuBackend(), model, ["not so bad", "good"]);
 * assertEquals(texts.map(({ states }) => states.length), [3 * 64, 64]);
 * ```
 */
export async function traceStates(
  backend: Backend,
  model: AnyModel,
  texts: readonly string[],
  options: LayerOptions = {},
): Promise<LayerStates[]> {
  const read = texts.map((text) => readText(model, text, options));
  const spelled = read.filter(({ spellings }) => spellings);
  const plain = read.filter(({ spellings }) => !spellings);
  // Texts with spellings are read one at a time, as each has its own spellings.
  const groups = [plain, ...spelled.map((text) => [text])].filter(({ length }) => length > 0);
  const states = new Map<ReadText, FloatArray>();
  for (const group of groups) {
    const ids = group.map(({ ids }) => ids);
    const found = await statesOf(backend, model, ids, group[0].spellings, options.layer);
    for (const [i, text] of group.entries()) states.set(text, found[i]);
  }
  return read.map((text) => ({ words: text.words, states: states.get(text)! }));
}

/** A text as the network reads it. */
export interface ReadText {
  /** The words or symbols, after the start token if there is one. */
  words: string[];
  /** The id of each of `words`. */
  ids: Int32Array;
  /** The spellings that the ids refer to, if the network reads letters. */
  spellings?: Spellings;
  /** The number of start tokens before the first word: 0 or 1. */
  marks: number;
}

/** Reads the first `maxWords` words of a text. */
export function readText(
  model: AnyModel,
  text: string,
  { maxWords = Infinity, label }: LayerOptions,
): ReadText {
  requireLength(text);
  const task = taskOf(model),
    { words, ids, spellings } = inspectionOf(task, model).read(
      model,
      text,
      label,
    );
  const marks = task.stream?.start ? 1 : 0, most = maxWords + marks;
  return { words: words.slice(0, most), ids: ids.slice(0, most), spellings, marks };
}

/** Computes a layer's states over a batch of sentences, `[words, width]` for each sentence. */
export async function statesOf(
  backend: Backend,
  model: AnyModel,
  sentences: readonly Int32Array[],
  spellings: Spellings | undefined,
  layer: number = model.config.layers - 1,
): Promise<FloatArray[]> {
  const { config, vocabulary } = model;
  if (!(Number.isInteger(layer) && layer >= 0 && layer < config.layers)) {
    throw new InputError(`layer: expected 0 to ${config.layers - 1}, got ${layer}`);
  }
  const ops = opsOf(backend), task = taskOf(model), { stack } = inspectionOf(task, model);
  const [all] = await withWeights(ops, task, model, ({ weights }) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const batch = createTextBatch(ops, config, sentences, spellings ?? vocabulary.length);
        const { layers } = stackForward(ops, config, stack(weights), batch);
        return [layerOutputs(ops, layers[layer], batch)];
      }),
    ));
  const width = outputWidth(config), size = sentences.length;
  return sentences.map(({ length }, i) => {
    const states = all.slice(0, length * width);
    for (let t = 0; t < length; t++) {
      const at = (t * size + i) * width;
      states.set(all.subarray(at, at + width), t * width);
    }
    requireFinite(states, "states");
    return states;
  });
}
