/**
 * A text as a network goes through it, with all that there is between the words and the predictions.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "../backend.ts";
import { requireLength } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { cellOf } from "../network/cells/cells.ts";
import { directions } from "../network/shapes.ts";
import { stackForward } from "../network/stack.ts";
import { createTextBatch } from "../network/text_batch.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import { inspectionOf } from "./inspection.ts";

/** What one cell, a direction of a layer, did at each word. All of it in the order of the words. */
export interface CellTrace {
  /** h after each word, `[words, hidden]`; before the first that it reads it is 0. */
  states: FloatArray;
  /** c after each word, shaped as the states; of an LSTM alone. */
  cells?: FloatArray;
  /** Its gates by name, each shaped as the states: i, f, g and o of an LSTM, r, z and n of a GRU. */
  gates: Record<string, FloatArray>;
}

/** What {@linkcode traceSteps} finds. */
export interface StepTrace {
  /** The words, or the symbols; of a language model the mark of the start comes first. */
  words: string[];
  /** Their places in the vocabulary; 0 for words that the model does not know. */
  ids: number[];
  /** `layers[layer][direction]`, the lowest layer first. */
  layers: CellTrace[][];
  /**
   * `probabilities[t][label]`: what the network would say if the text ended with word t; of a model
   * that labels words, what it says of word t; of a language model, how likely each symbol is to be
   * the next. Empty for a model that translates, whose encoder alone this is.
   */
  probabilities: number[][];
}

/**
 * The states, cells and gates of every layer over a text, and the prediction after each word. Of a
 * model that translates, those of its encoder.
 *
 * @param options `maxWords`: how many of the text's words to look at (default: all); `label`, for
 *   which a language model that writes for labels is to read it.
 * @throws {InputError} For a text without words, or of more than 100,000 characters, and for a model
 *   whose weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceSteps } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { cell: "lstm", hidden: 8 });
 * const { layers, probabilities } = await traceSteps(createCpuBackend(), model, "not so bad");
 * assertEquals(Object.keys(layers[0][0].gates), ["i", "f", "g", "o"]);
 * assertEquals([layers[0][0].states.length, probabilities.length], [3 * 8, 3]);
 * ```
 */
export async function traceSteps(
  backend: Backend,
  model: AnyModel,
  text: string,
  { maxWords = Infinity, label }: { maxWords?: number; label?: string } = {},
): Promise<StepTrace> {
  requireLength(text);
  const task = taskOf(model), { read, stack, logits } = inspectionOf(task, model);
  const { spellings, ...all } = read(model, text, label);
  // The mark of a start counts for no word.
  const most = maxWords + (task.stream?.start ? 1 : 0);
  const words = all.words.slice(0, most), ids = all.ids.slice(0, most);
  if (words.length === 0) throw new InputError("a text without words has no states");
  const { config, vocabulary, labels } = model;
  const ops = opsOf(backend);
  const inner = await withWeights(ops, task, model, (on) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const batch = createTextBatch(ops, config, [ids], spellings ?? vocabulary.length);
        const { layers } = stackForward(ops, config, stack(on.weights), batch);
        const inner = layers.flatMap(({ traces }) =>
          traces.flatMap(({ states, cells, gates }) => [states, cells, gates].filter(isThere))
        );
        const afterWords = logits?.(on, ids, spellings);
        return [afterWords, afterWords && ops.softmax(afterWords), ...inner].filter(isThere);
      }),
    ));
  let p: FloatArray | undefined;
  if (logits) {
    requireFinite(inner.shift()!);
    p = inner.shift()!;
  } else for (const numbers of inner) requireFinite(numbers, "states");

  const { hidden } = config, { hasCellState, traced } = cellOf(config.cell);
  /** Rows in the order of the words, of a cell that may have read them from the end. */
  const inOrder = (rows: FloatArray, width: number, first: number, reverse: boolean) =>
    rowsOf(rows, width, words.map((_, t) => first + (reverse ? words.length - 1 - t : t)));
  const nextCell = (reverse: boolean): CellTrace => {
    const states = inOrder(inner.shift()!, hidden, 1, reverse); // h_0 comes first
    const cells = hasCellState ? inOrder(inner.shift()!, hidden, 1, reverse) : undefined;
    const gates: CellTrace["gates"] = {};
    if (traced.length > 0) {
      const numbers = inner.shift()!, width = numbers.length / words.length;
      const all = inOrder(numbers, width, 0, reverse);
      for (const [k, name] of traced.entries()) {
        gates[name] = columnsOf(all, width, k * hidden, (k + 1) * hidden);
      }
    }
    return { states, cells, gates };
  };
  return {
    words,
    ids: Array.from(ids, (id) => spellings?.wordOf(id) ?? id),
    layers: Array.from({ length: config.layers }, () => directions(config).map(nextCell)),
    probabilities: p
      ? words.map((_, t) => [...p.subarray(t * labels.length, (t + 1) * labels.length)])
      : [],
  };
}

function isThere(tensor: Tensor | undefined): tensor is Tensor {
  return tensor !== undefined;
}

function rowsOf(a: FloatArray, width: number, rows: readonly number[]): FloatArray {
  const out = a.slice(0, rows.length * width);
  for (const [t, row] of rows.entries()) {
    out.set(a.subarray(row * width, (row + 1) * width), t * width);
  }
  return out;
}

function columnsOf(a: FloatArray, width: number, start: number, end: number): FloatArray {
  return a.filter((_: number, at: number) => at % width >= start && at % width < end);
}
