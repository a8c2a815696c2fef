/**
 * The configuration of a network, and its checks.
 *
 * @module
 */
import type { Activation } from "../backend.ts";
import { CELL_NAMES, type CellName, cellOf } from "./cells/cells.ts";
import { InputError } from "../errors.ts";
import { requireBoolean, requireFraction, requireInteger, requireOneOf } from "../checks.ts";

/**
 * How states become predictions. One prediction per sentence: from its `last` state, from the
 * `mean` or the `max` of its states over time, or from both concatenated, `mean-max`. Or one per
 * `token`.
 */
export type Head = "last" | "mean" | "max" | "mean-max" | "token";

/** All heads. */
export const HEADS: readonly Head[] = ["last", "mean", "max", "mean-max", "token"];

/** The configuration of a network: with its words and labels, all that is needed to build it. */
export interface NetworkConfig {
  /** The kind of cell. */
  cell: CellName;
  /** The activation function of the vanilla network, h = f(z); other cells support only tanh. */
  activation: Activation;
  /** The hidden size: the number of units in a state. */
  hidden: number;
  /** The number of stacked layers, each of which reads the states of the one below. */
  layers: number;
  /** Whether a second cell in each layer reads the sentence backward. */
  bidirectional: boolean;
  /**
   * The dropout rate between the embedding and the first layer, between layers, and before the
   * head; at least 0 and below 1.
   */
  dropout: number;
  /** The embedding size; 0 for one-hot words. */
  embedding: number;
  /** Whether training leaves the embedding unchanged. */
  frozen: boolean;
  /**
   * The output size of a trained linear layer without bias that projects each word's embedding, for
   * word vectors that are wider than the network. Default: 0, no projection.
   */
  projection?: number;
  /** How states become predictions. */
  head: Head;
  /**
   * The hidden size of a bidirectional GRU that reads each word's letters; its last states are
   * concatenated with the word's embedding. For taggers. Default: 0, no letters.
   */
  letters?: number;
  /**
   * Whether a conditional random field predicts the labels of a text's words jointly, for the head
   * `token`. Default: false.
   */
  crf?: boolean;
  /**
   * The recurrent dropout rate: the fraction of Whh that training zeroes, drawn anew for each
   * training step; at least 0 and below 1. For cells that have Whh. Default: 0.
   */
  recurrentDropout?: number;
}

/** The article's network: one vanilla layer of 64 units on one-hot words, with the head `last`. */
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

/** Returns the network's configuration from an object that may have further properties. */
export function networkConfig(given: Partial<NetworkConfig>): NetworkConfig {
  const entries = Object.entries(ARTICLE_NETWORK).map(([name, fallback]) =>
    [name, given[name as keyof NetworkConfig] ?? fallback] as const
  );
  // Present only where they are set, so that configurations of older models stay unchanged.
  const { letters, crf, recurrentDropout, projection } = given;
  if (letters) entries.push(["letters", letters]);
  if (crf) entries.push(["crf", crf]);
  if (recurrentDropout) entries.push(["recurrentDropout", recurrentDropout]);
  if (projection) entries.push(["projection", projection]);
  return Object.fromEntries(entries) as unknown as NetworkConfig;
}

/**
 * Checks that the configuration describes a network.
 *
 * @throws {InputError} If a setting is invalid; the message has its name and its value.
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
  requireInteger("the projection size", config.projection ?? 0, 0);
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
      `recurrent dropout drops weights of Whh, which the cell ${config.cell} does not have; ` +
        "choose another cell, or 0",
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

const MAX_LAYERS = 64; // deeper than any useful network; more would only waste memory
