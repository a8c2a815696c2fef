/**
 * The names and shapes of a network's weights.
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

/** Returns the directions in which a layer reads: false for forward, true for backward. */
export function directions({ bidirectional }: NetworkConfig): boolean[] {
  return bidirectional ? [false, true] : [false];
}

/** Returns the suffix of a cell's weights: none in layer 0, `_l1_reverse` in layer 1 backward. */
export function suffix(layer: number, reverse: boolean): string {
  return (layer > 0 ? `_l${layer}` : "") + (reverse ? "_reverse" : "");
}

/** Returns the number of outputs of a layer at each step. */
export function outputWidth(config: NetworkConfig): number {
  return config.hidden * directions(config).length;
}

/** Returns the number of the head's inputs: a step's states, or their mean and their maximum. */
export function headWidth(config: NetworkConfig): number {
  return outputWidth(config) * (config.head === "mean-max" ? 2 : 1);
}

/**
 * Returns the weights' shapes, by name and in a fixed order: `embedding`, `[words, embedding]`, and
 * its `projection`, those of the network that reads letters, then `Wxh`, `Whh`, `bh` (and a GRU's
 * `bhn`) for each layer and direction, then `Why` and `by`, and those of a CRF.
 *
 * @param letters The number of different letters, if letters are read. Default: 0.
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

/** Returns the shapes of the network that reads letters, under their own names. */
function lettersShapes(config: NetworkConfig, letters: number): Weights<Shape> {
  const own = lettersConfig(config);
  return { ...inputsOf(own).shapes(own, letters), ...layerShapes(own, letters) };
}

/** Returns the shapes of the layers' weights. */
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

/** Returns the weights of one layer's cell in one direction, without the suffix of their names. */
export function cellWeights<T>(
  config: NetworkConfig,
  weights: Weights<T>,
  end: string,
): Weights<T> {
  const names = ["Wxh", "bh", ...Object.keys(cellOf(config.cell).recurrentShapes(config.hidden))];
  return Object.fromEntries(names.map((name) => [name, weights[name + end]]));
}

// 1 GiB of float32: a larger weight matrix would not fit in memory together with its gradient.
const MAX_WEIGHT_SIZE = 2 ** 28;

/**
 * Checks that no weight is too large.
 *
 * @throws {InputError} If one is; the message has its name, its sizes and the hidden size.
 */
export function checkSizes({ hidden }: NetworkConfig, shapes: Weights<Shape>): void {
  for (const [name, [rows, columns]] of Object.entries(shapes)) {
    if (rows * columns <= MAX_WEIGHT_SIZE) continue;
    throw new InputError(
      `a hidden size of ${hidden} needs a weight ${name} of ${rows} x ${columns} numbers, more ` +
        `than ${MAX_WEIGHT_SIZE}; choose a smaller hidden size, or fewer words`,
    );
  }
}
