/**
 * Texts by a language model, symbol by symbol.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import { quote } from "../data/records.ts";
import { InputError } from "../errors.ts";
import { likeliest } from "../classification/evaluate.ts";
import { readAndDispose, requireFinite } from "../inference.ts";
import { type Model, requireTask, uploadWeights } from "../model.ts";
import { forward } from "../network/network.ts";
import type { Weights } from "../network/config.ts";
import { type Ops, opsOf } from "../ops/checked_ops.ts";
import { Random, STREAMS } from "../random.ts";
import { requireInteger, requireLeast, requireOptions } from "../checks.ts";
import { EDGE } from "../text/marks.ts";
import { glueOf, splitSymbols } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import { startsOf, writtenLabels } from "./encode.ts";
import { finalStates, freshStates, tensorsOf } from "../network/states.ts";

/** Settings of {@linkcode generate}. */
export interface GenerateOptions {
  /** What the text begins with. Default: nothing. */
  prompt?: string;
  /** What label the text is written for, by a model that writes for labels. */
  label?: string;
  /** How many symbols to make at most: a model that has learnt ends may end before. Default: 500. */
  length?: number;
  /**
   * What logits are divided by: below 1 the likely becomes likelier, and with 0 the likeliest symbol
   * is taken always. Default: 1.
   */
  temperature?: number;
  /** Only so many of the likeliest symbols are drawn from. Default: all. */
  topK?: number;
  /** Only the likeliest symbols that have this probability together are drawn from. Default: 1. */
  topP?: number;
  /** The seed: the same one gives the same text. Default: 1. */
  seed?: number;
}

const GENERATE_OPTIONS = Object.keys(
  {
    prompt: true,
    label: true,
    length: true,
    temperature: true,
    topK: true,
    topP: true,
    seed: true,
  } satisfies Record<keyof GenerateOptions, true>,
);

/**
 * A text that goes on from a prompt, piece by piece as it is made: what is put together is the text,
 * without the prompt. The state is kept from symbol to symbol, so that each costs the same. It and the
 * weights are freed at the end, by an error, and where the iterator is left or its `return()` called.
 *
 * @throws {InputError} For a model of another task, a prompt with unknown symbols, a label that is
 *   missing, unknown or of no use, a setting that is out of range, and a model whose weights overflow.
 *
 * @example
 * ```ts
 * import { createLanguageModel, generate, train } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "abc".repeat(40), label: "" }];
 * const model = createLanguageModel(examples, { cell: "gru", hidden: 16 });
 * const backend = createCpuBackend();
 * const options = { epochs: 30, optimizer: { name: "adam" }, timeSteps: 10 } as const;
 * for await (const _ of train(backend, model, examples, options));
 * let made = "ab";
 * const settings = { prompt: made, length: 7, temperature: 0 };
 * for await (const piece of generate(backend, model, settings)) made += piece;
 * assertEquals(made, "abcabcabc");
 * ```
 */
export async function* generate(
  backend: Backend,
  model: Model,
  options: GenerateOptions = {},
): AsyncGenerator<string, void, void> {
  requireOptions("generate()", options, GENERATE_OPTIONS);
  const { prompt = "", length = 500, seed = 1 } = options;
  const sampler = settleSampler(options);
  requireInteger("the length", length, 1);
  requireInteger("the seed", seed, 0);
  requireTask(model, "language-model");
  const unit = model.unit!;
  const start = splitSymbols(prompt, unit);
  const index = indexWords(model.vocabulary);
  const unknown = start.filter((symbol) => !index.has(symbol));
  if (unknown.length > 0) {
    const few = [...new Set(unknown)].slice(0, 8).map(quote).join(", ");
    throw new InputError(`the prompt has ${unit} that the model has not seen: ${few}`);
  }
  const { label } = options;
  if (label !== undefined && writtenLabels(model).length === 0) {
    throw new InputError(`this model writes without labels, got the label ${quote(label)}`);
  }
  const first = startsOf(model, index)(label);
  const end = model.vocabulary.indexOf(EDGE);
  const ops = opsOf(backend);
  const random = new Random(seed, STREAMS.sample);
  let weights: Weights<Tensor> = {};
  let states: State[] = [];
  try {
    weights = uploadWeights(ops, model);
    ops.scope(() => tensorsOf(states = freshStates(ops, model.config, 1)));
    let next = Int32Array.from([first, ...encode(start, index)]);
    let before = start.at(-1) ?? "";
    for (let i = 0; i < length; i++) {
      const old = states;
      const { logits, after } = step(ops, model, weights, old, next);
      states = after;
      ops.dispose(tensorsOf(old));
      const [y] = await readAndDispose(ops, [logits]);
      requireFinite(y);
      const id = draw(y, sampler, random);
      if (id === end) return;
      const symbol = model.vocabulary[id];
      yield glueOf(unit, before, symbol) + symbol;
      [next, before] = [Int32Array.of(id), symbol];
    }
  } finally {
    ops.dispose([...Object.values(weights), ...tensorsOf(states)]);
  }
}

/** The logits after some more symbols, `[1, symbols]`, and the states then. */
function step(
  ops: Ops,
  { config, vocabulary }: Model,
  weights: Weights<Tensor>,
  initial: readonly State[],
  symbols: Int32Array,
): { logits: Tensor; after: State[] } {
  let after: State[] = [];
  const [logits] = ops.scope(() => {
    const batch = createBatch(ops, config, [symbols], vocabulary.length);
    const pass = forward(ops, config, weights, batch, { initial });
    after = finalStates(ops, pass.layers, 1);
    const last = symbols.length - 1;
    return [ops.sliceRows(pass.logits, last, last + 1), ...tensorsOf(after)];
  });
  return { logits, after };
}

/** How to draw. */
export interface Sampler {
  temperature: number;
  topK: number;
  topP: number;
}

/** The settings of drawing, with their defaults. */
export function settleSampler(
  { temperature = 1, topK = Infinity, topP = 1 }: GenerateOptions,
): Sampler {
  requireLeast("the temperature", temperature, 0);
  if (topK !== Infinity) requireInteger("top-k", topK, 1);
  if (!(topP > 0 && topP <= 1)) {
    throw new InputError(`top-p must be above 0 and at most 1, got ${topP}`);
  }
  return { temperature, topK, topP };
}

/**
 * A symbol's id, drawn by softmax(logits / temperature) among the likeliest. Id 0, which stands for
 * what is unknown, is never drawn.
 */
export function draw(
  logits: FloatArray,
  { temperature, topK, topP }: Sampler,
  random: Random,
): number {
  const best = likeliest(logits, 0, logits.length);
  if (temperature === 0) return best;
  let some = Array.from({ length: logits.length - 1 }, (_, i) => i + 1);
  if (topK < some.length || topP < 1) {
    some = some.sort((a, b) => logits[b] - logits[a] || a - b).slice(0, topK);
  }
  const powers = some.map((id) => Math.exp((logits[id] - logits[best]) / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  let count = 0, mass = 0;
  while (count < some.length && mass < topP * total) mass += powers[count++];
  let left = random.uniform() * mass;
  for (let i = 0; i < count; i++) {
    left -= powers[i];
    if (left < 0) return some[i];
  }
  return some[count - 1]; // rounding may leave a trace
}
