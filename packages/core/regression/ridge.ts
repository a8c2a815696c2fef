/**
 * Ridge regression on a text's bag of words: the baseline that a network should beat.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import type { Sequence } from "../sequence.ts";
import { encodeNumbers } from "./encode.ts";
import { mappedNumber } from "./linear_map.ts";
import type { RegressionModel } from "./model.ts";
import { numberIn } from "./number.ts";
import { errorsOf, type NumberErrors } from "./predict.ts";

/** The sets of distinct words of texts, and the texts' numbers. */
interface Bags {
  words: Int32Array[];
  numbers: number[];
}

const PENALTIES = [0.3, 1, 3, 10, 30];
const MOST_WORDS = 1_000_000; // words to fit, in a second or two
const HELD_OUT = 7; // every seventh text is held out to choose the penalty
const MAX_ITERATIONS = 100, TOLERANCE = 1e-6;

/**
 * Computes the errors of a linear map from the words of a text to its number, fitted to the
 * examples that a model was trained on:
 *
 *     y = b + Σ w_word over the distinct words,   minimizing Σ (y - t)² + λ Σ w²
 *
 * A held-out seventh of the examples chooses the penalty λ. It fits at most a million words.
 *
 * @param model A model created for these examples; it determines the words.
 * @param learned The examples to fit.
 * @param measured The examples to compute the errors on.
 *
 * @example
 * ```ts
 * import { createRegressor, ridgeOfWords } from "@unroll/core";
 * import { assertLess } from "@std/assert";
 *
 * const texts = ["good day", "bad day", "good", "bad", "good week", "bad week", "day", "week"];
 * const examples = texts.map((text) => ({
 *   text,
 *   label: text.includes("good") ? "5" : text.includes("bad") ? "1" : "3",
 * }));
 * const { mae } = ridgeOfWords(createRegressor(examples), examples, examples);
 * assertLess(mae, 1);
 * ```
 */
export function ridgeOfWords(
  model: RegressionModel,
  learned: Sequence<Example>,
  measured: Sequence<Example>,
): NumberErrors & { penalty: number } {
  const { weights, penalty } = fitRidge(model, learned);
  return { ...errorsOn(bagsOf(model, measured), weights), penalty };
}

/**
 * Fits the linear map of {@linkcode ridgeOfWords}, and returns its weights, which a model keeps as
 * its baseline: one for each word of the vocabulary, with b at id 0, the unknown word's.
 *
 * @example
 * ```ts
 * import { createRegressor, fitRidge } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "5" }, { text: "bad", label: "1" }];
 * const model = createRegressor(examples);
 * model.ridge = Float32Array.from(fitRidge(model, examples).weights);
 * assertEquals(model.ridge.length, model.vocabulary.length);
 * ```
 */
export function fitRidge(
  model: RegressionModel,
  learned: Sequence<Example>,
): { weights: Float64Array; penalty: number } {
  const all = bagsOf(model, learned, MOST_WORDS);
  const size = model.vocabulary.length; // id 0, of unknown words, holds b
  const some = partOf(all, (i) => i % HELD_OUT !== 0),
    rest = partOf(all, (i) => i % HELD_OUT === 0);
  let penalty = PENALTIES[0], least = Infinity;
  for (const each of some.numbers.length > 0 ? PENALTIES : []) {
    const { rmse } = errorsOn(rest, fit(some, size, each));
    if (rmse < least) [penalty, least] = [each, rmse];
  }
  return { weights: fit(all, size, penalty), penalty };
}

function bagsOf(model: RegressionModel, examples: Sequence<Example>, most = Infinity): Bags {
  const bags: Bags = { words: [], numbers: [] };
  let count = 0;
  for (const { words, labels } of encodeNumbers(model, examples)) {
    const known = Int32Array.from(new Set(words)).filter((id) => id > 0);
    bags.words.push(known);
    bags.numbers.push(numberIn(labels));
    count += known.length;
    if (count >= most) break;
  }
  return bags;
}

function partOf({ words, numbers }: Bags, isIn: (i: number) => boolean): Bags {
  return {
    words: words.filter((_, i) => isIn(i)),
    numbers: numbers.filter((_, i) => isIn(i)),
  };
}

function errorsOn({ words, numbers }: Bags, weights: Float64Array): NumberErrors {
  return errorsOf(Float64Array.from(numbers), (i) => mappedNumber(words[i], weights));
}

/** Solves (XᵀX + λ I) w = Xᵀ t, with no penalty on b, by conjugate gradients. */
function fit({ words, numbers }: Bags, size: number, penalty: number): Float64Array {
  const transposed = (values: (i: number) => number) => {
    const sums = new Float64Array(size);
    for (const [i, ids] of words.entries()) {
      const value = values(i);
      sums[0] += value;
      for (const id of ids) sums[id] += value;
    }
    return sums;
  };
  const applied = (w: Float64Array) => {
    const product = transposed((i) => mappedNumber(words[i], w));
    for (let id = 1; id < size; id++) product[id] += penalty * w[id];
    return product;
  };
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const w = new Float64Array(size);
  const residual = transposed((i) => numbers[i]);
  let direction = residual.slice(), squares = dot(residual, residual);
  const enough = squares * TOLERANCE ** 2;
  for (let k = 0; k < MAX_ITERATIONS && squares > enough; k++) {
    const product = applied(direction), step = squares / dot(direction, product);
    for (let id = 0; id < size; id++) {
      w[id] += step * direction[id];
      residual[id] -= step * product[id];
    }
    const next = dot(residual, residual), ratio = next / squares;
    direction = direction.map((value, id) => residual[id] + ratio * value);
    squares = next;
  }
  return w;
}
