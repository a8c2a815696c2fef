/**
 * All states, gates and predictions of a network over a text, one word at a time.
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

/** The states and gates of one direction of a layer, all in the order of the words. */
export interface CellTrace {
  /** The hidden state h after each word, `[words, hidden]`; before the first word read, it is 0. */
  states: FloatArray;
  /** The cell state c after each word, `[words, hidden]`, for an LSTM only. */
  cells?: FloatArray;
  /** The gates by name, each `[words, hidden]`: i, f, g and o of an LSTM; r, z and n of a GRU. */
  gates: Record<string, FloatArray>;
}

/** The result of {@linkcode traceSteps}. */
export interface StepTrace {
  /** The words or symbols; for a language model, the start token comes first. */
  words: string[];
  /** The indices of the words in the vocabulary; 0 for unknown words. */
  ids: number[];
  /** `layers[layer][direction]`, the lowest layer first. */
  layers: CellTrace[][];
  /**
   * `probabilities[t][label]`: the prediction if the text ended with word t; for a tagger, the
   * prediction for word t; for a language model, the probability that each symbol comes next. Empty
   * for a translation model, as only its encoder is traced.
   */
  probabilities: number[][];
}

/**
 * Computes the hidden states, cell states and gates of every layer over a text, and the prediction
 * after each word. For a translation model, those of its encoder.
 *
 * @param options `maxWords`: the maximum number of words of the text (default: all); `label`: the
 *   label that conditions a language model with labels.
 * @throws {InputError} If the text has no words or more than 100,000 characters, the model cannot
 *   be inspected, or its weights overflow.
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
  // The start token does not count as a word.
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
  /** Returns rows in the order of the words, reversed if the cell read them from the end. */
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
