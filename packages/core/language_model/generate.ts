/**
 * Text generation by a language model, symbol by symbol.
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

/** Options of {@linkcode generate}. */
export interface GenerateOptions {
  /** The prompt to continue. Default: the empty text. */
  prompt?: string;
  /** The label to generate a text for, with a model that has labels. */
  label?: string;
  /** The maximum number of symbols; a model that learned ends may stop earlier. Default: 500. */
  length?: number;
  /**
   * The sampling temperature, which divides the logits: below 1, probable symbols become more
   * probable; 0 is greedy. Default: 1.
   */
  temperature?: number;
  /** Top-k sampling: the number of most probable symbols to draw from. Default: all. */
  topK?: number;
  /** Nucleus sampling: the total probability of the most probable symbols to draw. Default: 1. */
  topP?: number;
  /** The random seed: the same seed gives the same text. Default: 1. */
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

/** Generates a continuation of a prompt, and yields each symbol as it is drawn. */
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

/** Reads some more symbols, and returns the logits, `[1, symbols]`, and the states after them. */
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

/** The sampling settings. */
export interface Sampler {
  temperature: number;
  topK: number;
  topP: number;
}

/** Returns the sampling settings, checked and with their defaults. */
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
 * Draws a symbol's id from softmax(logits / temperature), restricted to the most probable symbols.
 * Id 0, the unknown symbol, is never drawn.
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
  return some[count - 1]; // rounding leaves a remainder
}
