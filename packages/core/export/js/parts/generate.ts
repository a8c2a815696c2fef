/**
 * Text generation in an exported language model. As in `network.ts`, each function is emitted into
 * the module unchanged.
 *
 * @module
 */
import { draw } from "../../../language_model/generate.ts";
import { Random } from "../../../random.ts";
import { toNfc } from "../../../text/nfc.ts";
import { glueOf } from "../../../text/symbols.ts";
import {
  CELL,
  END,
  inputs,
  networks,
  SAMPLE,
  START,
  startOf,
  STARTS,
  UNIT,
  VOCABULARY,
  words,
} from "./model.ts";
import { headOf, readLayers } from "./network.ts";
import { readSymbols } from "./texts.ts";
import type { State } from "./types.ts";

/** Options of `generate`. */
interface GenerateSettings {
  prompt?: string;
  label?: string;
  length?: number;
  temperature?: number;
  topK?: number;
  topP?: number;
  seed?: number;
}

/** Throws a `RangeError` with the message `problem` unless `isRight`. */
export function demand(isRight: boolean, problem: string): void {
  if (!isRight) throw new RangeError(problem);
}

/** Returns the id of the start token in a model without labels. */
export function plainStart(label: string | undefined): number {
  demand(label === undefined, "this model generates without labels; omit the label");
  return START;
}

/** Returns the id of a label's start token in a model with labels. */
export function labelStart(label: string | undefined): number {
  const found = STARTS.find(([each]) => each === label) ??
    STARTS.find(([each]) => label !== undefined && toNfc(each) === toNfc(label));
  const known = STARTS.map(([each]) => each).join(", ");
  demand(found !== undefined, `there is no label ${label}; choose one of ${known}`);
  return found![1];
}

/** Generates a continuation of a prompt, one token at a time. */
export function* generate(
  {
    prompt = "",
    label,
    length = 500,
    temperature = 1,
    topK = Infinity,
    topP = 1,
    seed = 1,
  }: GenerateSettings = {},
): Generator<string, void, void> {
  demand(Number.isInteger(length) && length > 0, "the length must be a positive integer");
  demand(temperature >= 0 && temperature < Infinity, "the temperature must be at least 0");
  demand(topK === Infinity || Number.isInteger(topK) && topK > 0, "topK must be at least 1");
  demand(topP > 0 && topP <= 1, "topP must be above 0 and at most 1");
  demand(Number.isSafeInteger(seed) && seed >= 0, "the seed must be a nonnegative integer");
  const symbols = readSymbols(prompt), index = words();
  const unknown = symbols.find((symbol) => !index.has(symbol));
  demand(unknown === undefined, `${JSON.stringify(unknown)} is not in the vocabulary`);
  const [network] = networks(), random = new Random(seed, SAMPLE);
  let next = [startOf(label), ...symbols.map((symbol) => index.get(symbol)!)];
  let states: State[] | undefined, before = symbols[symbols.length - 1] ?? "";
  for (let i = 0; i < length; i++) {
    const pass = readLayers(inputs(network, next, []), network.layers, CELL, states);
    states = pass.final.map(([state]) => state);
    const y = headOf(network.weights, pass.outputs[next.length - 1]);
    const id = draw(y, { temperature, topK, topP }, random);
    if (id === END) return;
    yield glueOf(UNIT, before, VOCABULARY[id]) + VOCABULARY[id];
    [next, before] = [[id], VOCABULARY[id]];
  }
}
