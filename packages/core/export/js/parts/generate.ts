/**
 * Texts that an exported language model writes. As with `network.ts`, each function is written into the
 * module as it stands.
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

/** Settings of `generate`. */
interface GenerateSettings {
  prompt?: string;
  label?: string;
  length?: number;
  temperature?: number;
  topK?: number;
  topP?: number;
  seed?: number;
}

/** Throws where something given cannot be used. */
export function demand(isRight: boolean, problem: string): void {
  if (!isRight) throw new RangeError(problem);
}

/** What a text begins with, by a model that writes without labels. */
export function plainStart(label: string | undefined): number {
  demand(label === undefined, "this model writes without labels; leave the label out");
  return START;
}

/** What a text begins with, by a model that writes for labels. */
export function labelStart(label: string | undefined): number {
  const found = STARTS.find(([each]) => each === label) ??
    STARTS.find(([each]) => label !== undefined && toNfc(each) === toNfc(label));
  const known = STARTS.map(([each]) => each).join(", ");
  demand(found !== undefined, `there is no label ${label}; the model writes for ${known}`);
  return found![1];
}

/** A continuation of a prompt, symbol by symbol. */
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
  demand(Number.isInteger(length) && length > 0, "the length must be a whole number from 1 on");
  demand(temperature >= 0 && temperature < Infinity, "the temperature must be at least 0");
  demand(topK === Infinity || Number.isInteger(topK) && topK > 0, "topK must be at least 1");
  demand(topP > 0 && topP <= 1, "topP must be above 0 and at most 1");
  demand(Number.isSafeInteger(seed) && seed >= 0, "the seed must be a whole number from 0 on");
  const symbols = readSymbols(prompt), index = words();
  const unknown = symbols.find((symbol) => !index.has(symbol));
  demand(unknown === undefined, `the model has not seen ${JSON.stringify(unknown)}`);
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
