/**
 * What a network is made of, and the weights that this asks for.
 *
 * @module
 */
import type { Activation } from "../backend.ts";
import { CELL_NAMES, type CellName, cellOf } from "./cells/cells.ts";
import { InputError } from "../errors.ts";
import { requireBoolean, requireFraction, requireInteger, requireOneOf } from "../checks.ts";

/**
 * How states become predictions. One for each sentence: from its `last` state, from the `mean` or the
 * `max` of its states over time, or from both side by side, `mean-max`. Or one for each `token`.
 */
export type Head = "last" | "mean" | "max" | "mean-max" | "token";

/** All of them. */
export const HEADS: readonly Head[] = ["last", "mean", "max", "mean-max", "token"];

/** What a network is made of: with its words and labels, all that is needed to build it. */
export interface NetworkConfig {
  /** The kind of cell. */
  cell: CellName;
  /** The activation function, which makes h of z in the vanilla network; the other cells know only tanh. */
  activation: Activation;
  /** How many numbers a state has. */
  hidden: number;
  /** How many layers stand upon each other, each reading the states of the one below. */
  layers: number;
  /** Whether a second cell in each layer reads the sentence from its end. */
  bidirectional: boolean;
  /**
   * The fraction that training zeroes of what goes from the embedding to the first layer, from layer
   * to layer, and to the head; from 0 to below 1.
   */
  dropout: number;
  /** How many numbers stand for a word; 0 for as many as there are words, one of them 1. */
  embedding: number;
  /** Whether training leaves the embedding as it is. */
  frozen: boolean;
  /**
   * The size that a linear layer without bias, which is trained, brings each word's embedding to, as
   * where word vectors are wider than the network. Default: 0, none.
   */
  projection?: number;
  /** How states become predictions. */
  head: Head;
  /**
   * The size of the states of a bidirectional GRU that reads the letters of each word: its last ones
   * stand beside the word's embedding. For taggers. Default: 0, none.
   */
  letters?: number;
  /**
   * Whether the labels of a text's words are predicted together, by a conditional random field, for
   * the head `token`. Default: false.
   */
  crf?: boolean;
  /**
   * The fraction of Whh that training zeroes, drawn anew for each step; from 0 to below 1. For cells
   * that have Whh. Default: 0.
   */
  recurrentDropout?: number;
}

/** The article's network: one vanilla layer of 64 units on one-hot words, one prediction at the end. */
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
  // Of new networks alone, so that configurations without stay what they were.
  const { letters, crf, recurrentDropout, projection } = given;
  if (letters) entries.push(["letters", letters]);
  if (crf) entries.push(["crf", crf]);
  if (recurrentDropout) entries.push(["recurrentDropout", recurrentDropout]);
  if (projection) entries.push(["projection", projection]);
  return Object.fromEntries(entries) as unknown as NetworkConfig;
}

/**
 * Throws unless the configuration describes a network.
 *
 * @throws {InputError} That names the setting and its value.
 */
export function checkConfig(config: NetworkConfig): void {
  requireOneOf("the cell", config.cell, CELL_NAMES);
  requireOneOf("the activation", config.activation, ["tanh", "relu"]);
  requireOneOf("the head", config.head, HEADS);
  requireInteger("the hidden size", config.hidden, 1);
  requireInteger("the number of layers", config.layers, 1);
  requireInteger("the embedding size", config.embedding, 0);
  requireFraction("the dropout", config.dropout);
  for (const name of ["bidirectional", "frozen"] as const) requireBoolean(name, config[name]);
  requireInteger("the letters' size", config.letters ?? 0, 0);
  if (config.letters && config.embedding === 0) {
    throw new InputError("letters need an embedding size of at least 1, got 0");
  }
  if (config.letters && config.head !== "token") {
    throw new InputError(`letters are for the head token, which labels words, got ${config.head}`);
  }
  requireInteger("the projection's size", config.projection ?? 0, 0);
  if (config.projection && config.embedding === 0) {
    throw new InputError("a projection needs an embedding size of at least 1, got 0");
  }
  if (config.layers > MAX_LAYERS) {
    throw new InputError(
      `the number of layers must be at most ${MAX_LAYERS}, got ${config.layers}`,
    );
  }
  if (!cellOf(config.cell).activations.includes(config.activation)) {
    const cells = CELL_NAMES.filter((name) => cellOf(name).activations.includes(config.activation));
    throw new InputError(
      `the activation ${config.activation} is for the cell ${
        cells.join(" or ")
      }, got ${config.cell}; leave out the activation, or choose that cell`,
    );
  }
  if (config.recurrentDropout !== undefined) {
    requireFraction("the recurrent dropout", config.recurrentDropout);
  }
  if (config.recurrentDropout && !cellOf(config.cell).recurrentShapes(1).Whh) {
    throw new InputError(
      `recurrent dropout drops weights from state to state, which the cell ${config.cell} has none ` +
        "of; choose another cell, or 0",
    );
  }
  if (config.crf !== undefined) requireBoolean("crf", config.crf);
  if (config.crf && config.head !== "token") {
    throw new InputError(
      `a CRF (crf: true, --crf) is for the head token, which labels each word, got ${config.head}`,
    );
  }
  if (config.frozen && config.embedding === 0) {
    throw new InputError("a frozen embedding needs an embedding size of at least 1, got 0");
  }
}

const MAX_LAYERS = 64; // deeper ones than anybody trains would only take memory
