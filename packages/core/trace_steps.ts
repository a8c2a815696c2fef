/**
 * A text as a network goes through it, with all that there is between the words and the verdicts.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "./backend.ts";
import { createBatch } from "./batch.ts";
import type { CellName } from "./cells/cell.ts";
import { requireLength } from "./data/examples.ts";
import { InputError } from "./errors.ts";
import { allLogits, arrange } from "./evaluate.ts";
import { type Model, uploadWeights } from "./model.ts";
import { forward } from "./network.ts";
import { opsOf } from "./ops.ts";
import { tokenize } from "./text/tokenizer.ts";
import { encode, indexWords } from "./text/vocabulary.ts";

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
  /** The words. */
  words: string[];
  /** Their places in the vocabulary; 0 for words that the model does not know. */
  ids: number[];
  /** `layers[layer][direction]`, the lowest layer first. */
  layers: CellTrace[][];
  /**
   * `probabilities[t][label]`: what the network would say if the text ended with word t; of a model
   * that labels words, what it says of word t.
   */
  probabilities: number[][];
}

const GATES: Record<CellName, string[]> = {
  rnn: [],
  lstm: ["i", "f", "g", "o"],
  gru: ["r", "z", "n"],
};

/**
 * The states, cells and gates of every layer over a text, and the verdict after each word.
 *
 * @param options `maxWords`: how many of the text's words to look at. Default: all.
 * @throws {InputError} For a text without words, or of more than 100,000 characters.
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
  model: Model,
  text: string,
  { maxWords = Infinity }: { maxWords?: number } = {},
): Promise<StepTrace> {
  requireLength(text);
  const words = tokenize(text, model.tokenizer).slice(0, maxWords);
  if (words.length === 0) throw new InputError("a text without words has no states");
  const { config, vocabulary, labels } = model;
  const ids = encode(words, indexWords(vocabulary));
  const sentences = config.head === "token" ? [ids] : words.map((_, t) => ids.subarray(0, t + 1));
  const ops = opsOf(backend);
  const weights = uploadWeights(ops, model);
  const tensors = ops.scope(() => {
    const batch = createBatch(ops, config, [ids], vocabulary.length);
    const { layers } = forward(ops, config, weights, batch);
    const inner = layers.flatMap(({ traces }) =>
      traces.flatMap(({ states, cells, gates }) => [states, cells, gates].filter(isThere))
    );
    const logits = allLogits(ops, config, weights, arrange(ops, config, weights, sentences));
    return [ops.softmax(logits), ...inner];
  });
  const reading = ops.read(tensors);
  ops.dispose([...Object.values(weights), ...tensors]);
  const [p, ...inner] = await reading;

  const { hidden, cell } = config;
  /** Rows in the order of the words, of a cell that may have read them from the end. */
  const inOrder = (rows: FloatArray, width: number, first: number, reverse: boolean) =>
    rowsOf(rows, width, words.map((_, t) => first + (reverse ? words.length - 1 - t : t)));
  const nextCell = (reverse: boolean): CellTrace => {
    const states = inOrder(inner.shift()!, hidden, 1, reverse); // h_0 comes first
    const cells = cell === "lstm" ? inOrder(inner.shift()!, hidden, 1, reverse) : undefined;
    const gates: CellTrace["gates"] = {};
    if (cell !== "rnn") {
      const all = inOrder(inner.shift()!, 4 * hidden, 0, reverse);
      for (const [k, name] of GATES[cell].entries()) {
        gates[name] = columnsOf(all, 4 * hidden, k * hidden, (k + 1) * hidden);
      }
    }
    return { states, cells, gates };
  };
  const ways = config.bidirectional ? [false, true] : [false];
  return {
    words,
    ids: [...ids],
    layers: Array.from({ length: config.layers }, () => ways.map(nextCell)),
    probabilities: words.map((_, t) => [...p.subarray(t * labels.length, (t + 1) * labels.length)]),
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
