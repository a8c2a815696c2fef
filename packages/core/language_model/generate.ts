/**
 * Texts by a language model, symbol by symbol.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { requireInteger, requireLeast, requireOptions } from "../checks.ts";
import { InputError } from "../errors.ts";
import { createBatch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import { argmaxKnown } from "../network/loss.ts";
import { forward } from "../network/network.ts";
import { weightShapes } from "../network/shapes.ts";
import { finalStates, tensorsOf, zeroStates } from "../network/states.ts";
import { uploadAll, type Weights } from "../network/weights.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { quote } from "../printable.ts";
import { Random, STREAMS } from "../random.ts";
import { EOS } from "../text/marks.ts";
import { readSymbols } from "../text/read_symbols.ts";
import { glueOf } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import { startsOf, writtenLabels } from "./encode.ts";
import type { LanguageModel } from "./model.ts";

/** Settings of {@linkcode generate}. */
export interface GenerateOptions {
  /** What the text begins with. Default: nothing. */
  prompt?: string;
  /** What label the text is written for, by a model that writes for labels. */
  label?: string;
  /** How many symbols to make at most: a model that has learned ends may end before. Default: 500. */
  length?: number;
  /**
   * The sampling temperature, which logits are divided by: below 1 probable symbols become more
   * probable, and 0 is greedy. Default: 1.
   */
  temperature?: number;
  /** Top-k sampling: only this many of the most probable symbols are drawn from. Default: all. */
  topK?: number;
  /** Nucleus sampling: only the most probable symbols with this total probability. Default: 1. */
  topP?: number;
  /** The seed: the same one gives the same text. Default: 1. */
  seed?: number;
}

const GENERATE_OPTIONS = /* @__PURE__ */ Object.keys(
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

/** A continuation of a prompt, symbol by symbol, as it is made. */
export async function* generateSymbols(
  ops: Ops,
  model: LanguageModel,
  options: GenerateOptions,
): AsyncGenerator<string, void, void> {
  requireOptions("generate()", options, GENERATE_OPTIONS);
  const { prompt = "", length = 500, seed = 1 } = options;
  const sampler = settleSampler(options);
  requireInteger("the length", length, 1);
  requireInteger("the seed", seed, 0);
  const { unit, config, vocabulary, labels } = model;
  const start = readSymbols(prompt, model);
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
  const end = model.vocabulary.indexOf(EOS);
  const random = new Random(seed, STREAMS.sample);
  let weights: Weights<Tensor> = {};
  let states: State[] = [];
  try {
    const shapes = weightShapes(config, vocabulary.length, labels.length);
    weights = uploadAll(ops, shapes, model.weights);
    ops.scope(() => tensorsOf(states = zeroStates(ops, config, 1)));
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
  { config, vocabulary }: LanguageModel,
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
 * A symbol's id, drawn by softmax(logits / temperature) among the most probable. Id 0, which stands for
 * what is unknown, is never drawn.
 */
export function draw(
  logits: FloatArray,
  { temperature, topK, topP }: Sampler,
  random: Random,
): number {
  const best = argmaxKnown(logits, 0, logits.length);
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
