/**
 * What a network is made of, and the weights that this asks for.
 *
 * @module
 */
import type { Activation, Shape } from "../backend.ts";
import { type CellName, cellOf, type CellWeights } from "./cells/cell.ts";
import { InputError } from "../errors.ts";
import { requireBoolean, requireInteger, requireOneOf, requireShare } from "../checks.ts";

/**
 * How states become verdicts. One for each sentence: from its `last` state, or from the `mean` or
 * the `max` of its states over time. Or one for each `token`.
 */
export type Head = "last" | "mean" | "max" | "token";

/** What a network is made of: with its words and labels, all that is needed to build it. */
export interface NetworkConfig {
  /** The kind of cell. */
  cell: CellName;
  /** What makes h of z in the vanilla network; the other cells know only tanh. */
  activation: Activation;
  /** How many numbers a state has. */
  hidden: number;
  /** How many layers stand upon each other, each reading the states of the one below. */
  layers: number;
  /** Whether a second cell in each layer reads the sentence from its end. */
  bidirectional: boolean;
  /**
   * The share that training zeroes of what goes from the embedding to the first layer, from layer
   * to layer, and to the head; from 0 to below 1.
   */
  dropout: number;
  /** How many numbers stand for a word; 0 for as many as there are words, one of them 1. */
  embedding: number;
  /** Whether training leaves the embedding as it is. */
  frozen: boolean;
  /** How states become verdicts. */
  head: Head;
}

/** The article's network: one vanilla layer of 64 units on one-hot words, one verdict at the end. */
export const ARTICLE_NETWORK: NetworkConfig = {
  cell: "rnn",
  activation: "tanh",
  hidden: 64,
  layers: 1,
  bidirectional: false,
  dropout: 0,
  embedding: 0,
  frozen: false,
  head: "last",
};

/** What of a configuration describes the network: the rest of an object is left out. */
export function networkConfig(given: Partial<NetworkConfig>): NetworkConfig {
  const entries = Object.entries(ARTICLE_NETWORK).map(([name, fallback]) =>
    [name, given[name as keyof NetworkConfig] ?? fallback] as const
  );
  return Object.fromEntries(entries) as unknown as NetworkConfig;
}

/**
 * Throws unless the configuration describes a network.
 *
 * @throws {InputError} That names the setting and its value.
 */
export function checkConfig(config: NetworkConfig): void {
  requireOneOf("the cell", config.cell, ["rnn", "lstm", "gru"]);
  requireOneOf("the activation", config.activation, ["tanh", "relu"]);
  requireOneOf("the head", config.head, ["last", "mean", "max", "token"]);
  requireInteger("the hidden size", config.hidden, 1);
  requireInteger("the number of layers", config.layers, 1);
  requireInteger("the embedding size", config.embedding, 0);
  requireShare("the dropout", config.dropout);
  for (const name of ["bidirectional", "frozen"] as const) requireBoolean(name, config[name]);
  if (config.layers > MAX_LAYERS) {
    throw new InputError(
      `the number of layers must be at most ${MAX_LAYERS}, got ${config.layers}`,
    );
  }
  if (config.activation === "relu" && config.cell !== "rnn") {
    throw new InputError(`the activation relu is for the cell rnn, got ${config.cell}`);
  }
  if (config.frozen && config.embedding === 0) {
    throw new InputError("a frozen embedding needs an embedding size of at least 1, got 0");
  }
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

const MAX_LAYERS = 64; // deeper ones than anybody trains would only take memory

/** One thing for each weight, by its name in the equations: a tensor, numbers, a shape. */
export type Weights<T> = Record<string, T>;

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

/**
 * The weights' shapes for so many words and labels, by name and in a fixed order: `embedding`
 * `[words, embedding]`, then `Wxh`, `Whh`, `bh` (and a GRU's `bhn`) for each layer and direction,
 * then `Why` and `by`.
 */
export function weightShapes(config: NetworkConfig, words: number, labels: number): Weights<Shape> {
  const { hidden, embedding, layers } = config;
  const width = cellOf(config.cell).gates * hidden;
  const shapes: Weights<Shape> = {};
  if (embedding > 0) shapes.embedding = [words, embedding];
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer > 0 ? outputWidth(config) : embedding || words;
    for (const reverse of directions(config)) {
      const end = suffix(layer, reverse);
      shapes["Wxh" + end] = [inputs, width];
      shapes["Whh" + end] = [hidden, width];
      shapes["bh" + end] = [1, width];
      if (config.cell === "gru") shapes["bhn" + end] = [1, hidden];
    }
  }
  shapes.Why = [outputWidth(config), labels];
  shapes.by = [1, labels];
  return shapes;
}

/** The weights of one cell among all. */
export function cellWeights<T>(weights: Weights<T>, end: string): CellWeights<T> {
  return {
    Wxh: weights["Wxh" + end],
    Whh: weights["Whh" + end],
    bh: weights["bh" + end],
    bhn: weights["bhn" + end],
  };
}

/** The same for each weight. */
export function mapWeights<T, U>(
  weights: Weights<T>,
  fn: (value: T, name: string) => U,
): Weights<U> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, value]) => [name, fn(value, name)]),
  );
}
