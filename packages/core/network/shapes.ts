/**
 * Which weights a network has, and their shapes.
 *
 * @module
 */
import type { Shape } from "../backend.ts";
import { InputError } from "../errors.ts";
import { cellOf } from "./cells/cells.ts";
import type { NetworkConfig } from "./config.ts";
import { crfShapes } from "./crf.ts";
import { inputsOf } from "./inputs.ts";
import { LETTERS, lettersConfig } from "./letters.ts";
import { prefixed, type Weights } from "./weights.ts";

/** The directions in which a layer reads: forward, and backward if it is bidirectional. */
export function directions({ bidirectional }: NetworkConfig): boolean[] {
  return bidirectional ? [false, true] : [false];
}

/** What a cell's weights end on: `Wxh` in the first layer, `Wxh_l1_reverse` in the second's other. */
export function suffix(layer: number, reverse: boolean): string {
  return (layer > 0 ? `_l${layer}` : "") + (reverse ? "_reverse" : "");
}

/** How many numbers a layer gives for each step. */
export function outputWidth(config: NetworkConfig): number {
  return config.hidden * directions(config).length;
}

/** How many numbers the head reads: the states of a step, or their mean and their maximum. */
export function headWidth(config: NetworkConfig): number {
  return outputWidth(config) * (config.head === "mean-max" ? 2 : 1);
}

/**
 * The weights' shapes for a number of words and labels, by name and in a fixed order: `embedding`
 * `[words, embedding]` and its `projection`, those of the network that reads letters, if there is one, then `Wxh`, `Whh`,
 * `bh` (and a GRU's `bhn`) for each layer and direction, then `Why` and `by`, and those of a CRF.
 *
 * @param letters How many letters there are, where they are read. Default: 0.
 */
export function weightShapes(
  config: NetworkConfig,
  words: number,
  labels: number,
  letters = 0,
): Weights<Shape> {
  return {
    ...inputsOf(config).shapes(config, words),
    ...(config.letters ? prefixed(LETTERS, lettersShapes(config, letters)) : {}),
    ...layerShapes(config, words),
    Why: [headWidth(config), labels],
    by: [1, labels],
    ...(config.crf ? crfShapes(labels) : {}),
  };
}

/** Those of the network that reads letters, by its own names. */
function lettersShapes(config: NetworkConfig, letters: number): Weights<Shape> {
  const own = lettersConfig(config);
  return { ...inputsOf(own).shapes(own, letters), ...layerShapes(own, letters) };
}

/** The shapes of the layers' weights. */
function layerShapes(config: NetworkConfig, words: number): Weights<Shape> {
  const { hidden, layers } = config;
  const cell = cellOf(config.cell), inputs = inputsOf(config);
  const width = cell.gates.length * hidden;
  const shapes: Weights<Shape> = {};
  for (let layer = 0; layer < layers; layer++) {
    const read = layer > 0 ? outputWidth(config) : inputs.width(config, words);
    for (const reverse of directions(config)) {
      const end = suffix(layer, reverse);
      const { Whh, ...others } = cell.recurrentShapes(hidden);
      shapes["Wxh" + end] = [read, width];
      if (Whh) shapes["Whh" + end] = Whh;
      shapes["bh" + end] = [1, width];
      for (const [name, shape] of Object.entries(others)) shapes[name + end] = shape;
    }
  }
  return shapes;
}

/** The weights of the cell of one layer and direction, without the end of their names. */
export function cellWeights<T>(
  config: NetworkConfig,
  weights: Weights<T>,
  end: string,
): Weights<T> {
  const names = ["Wxh", "bh", ...Object.keys(cellOf(config.cell).recurrentShapes(config.hidden))];
  return Object.fromEntries(names.map((name) => [name, weights[name + end]]));
}

// A gibibyte of float32: past this a single weight matrix no longer fits beside its gradient.
const MAX_WEIGHT_SIZE = 2 ** 28;

/**
 * Throws where a weight would be too large.
 *
 * @throws {InputError} With the sizes that make it so.
 */
export function checkSizes({ hidden }: NetworkConfig, shapes: Weights<Shape>): void {
  for (const [name, [rows, columns]] of Object.entries(shapes)) {
    if (rows * columns <= MAX_WEIGHT_SIZE) continue;
    throw new InputError(
      `a hidden size of ${hidden} needs a weight ${name} of ${rows} x ${columns} numbers, more ` +
        `than ${MAX_WEIGHT_SIZE}; choose a smaller one, or fewer words`,
    );
  }
}
