/**
 * Scaling of the numbers to predict, by their mean and deviation in the training examples.
 *
 * @module
 */
import { isDataset } from "../data/dataset.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import type { Sequence } from "../sequence.ts";
import { countTokens } from "../text/packed_tokens.ts";
import { numberOf, numberProblem } from "./number.ts";

/**
 * The scale of the training examples' numbers. The network's targets and outputs are
 * (value - mean) / deviation.
 */
export interface NumberScale {
  /** Their mean. */
  mean: number;
  /** Their standard deviation. */
  deviation: number;
  /** Their median. */
  median: number;
}

/**
 * Computes the scale of some examples' numbers.
 *
 * @param place The prefix of error messages.
 * @throws {InputError} If there are no examples, a label is not a number, or all numbers are equal.
 */
export function scaleOf(examples: Sequence<Example>, place: string): NumberScale {
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const counts = countNumbers(examples);
  const { length } = examples;
  let mean = 0, squares = 0;
  for (const [value, count] of counts) mean += value / length * count;
  for (const [value, count] of counts) squares += (value - mean) ** 2 / length * count;
  const deviation = Math.sqrt(squares);
  if (counts.length === 1) {
    throw new InputError(
      `${place}every example has the number ${mean}; give examples with different numbers`,
    );
  }
  if (!(deviation > 0 && deviation < Infinity)) {
    throw new InputError(
      `${place}the numbers have a standard deviation of ${deviation}; rescale them`,
    );
  }
  return { mean, deviation, median: medianOf(counts, length) };
}

/** Returns the distinct numbers in increasing order, each with the number of its examples. */
function countNumbers(examples: Sequence<Example>): [value: number, count: number][] {
  const counts = new Map<number, number>();
  const add = (label: string, count: number, where: string) => {
    const problem = numberProblem(label);
    if (problem !== undefined) throw new InputError(`${where}${problem}`);
    const value = numberOf(label);
    counts.set(value, (counts.get(value) ?? 0) + count);
  };
  if (isDataset(examples)) {
    for (const [label, count] of countTokens(examples.labels)) add(label, count, "");
  } else {
    let i = 0;
    for (const { label = "", where } of examples) add(label, 1, `${where ?? `example ${++i}`}: `);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/** Returns the median: the number in the middle, or the mean of the two in the middle. */
function medianOf(counts: readonly [number, number][], length: number): number {
  const at = (place: number) => {
    let seen = 0;
    return counts.find(([, count]) => (seen += count) > place)![0];
  };
  return (at(Math.floor((length - 1) / 2)) + at(Math.floor(length / 2))) / 2;
}
