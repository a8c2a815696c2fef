/**
 * The fields that all models have: a network, its vocabulary, labels and weights, as plain data.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import type { Example } from "./data/examples.ts";
import type { NetworkConfig } from "./network/config.ts";
import type { Weights } from "./network/weights.ts";
import type { DataColumns } from "./series/columns.ts";
import type { Series } from "./series/series.ts";

/** A model of any task. Each task adds its own fields. */
export interface AnyModel {
  /** The name of its task. */
  task: string;
  /** The configuration of the network. */
  config: NetworkConfig;
  /** The words or symbols that it reads, by id; id 0 stands for every unknown word or symbol. */
  vocabulary: string[];
  /** The labels by id; for a model that predicts one symbol after another, those symbols. */
  labels: string[];
  /** The weights, in row-major order. Training replaces them with each new finite set. */
  weights: Weights<FloatArray>;
  /**
   * For an ensemble, the weights of its other networks, which differ only in their seeds: the model
   * predicts from the mean of the outputs of all networks.
   */
  ensemble?: Weights<FloatArray>[];
}

/** A model of any task that reads series. */
export interface SeriesModel extends AnyModel {
  /** The names of the columns that a series must have. */
  columns: string[];
  /** The names of the training table's other columns: defaults for reading later tables. */
  dataColumns?: DataColumns;
}

/** The examples that a model is trained on: series, or texts with labels. */
export type ExampleOf<M extends AnyModel> = M extends SeriesModel ? Series : Example;

/** The inputs of predictions: series, or texts. */
export type AskedOf<M extends AnyModel> = M extends SeriesModel ? Series : string;

/** A model without its weights. */
export type Shell<M extends AnyModel = AnyModel> = Omit<M, "weights">;

/**
 * Returns the weights of all networks of a model; only an ensemble has several.
 *
 * @example
 * ```ts
 * import { createModel, networkWeights } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * assertEquals(networkWeights(model), [model.weights]);
 * ```
 */
export function networkWeights(
  { weights, ensemble = [] }: Pick<AnyModel, "weights" | "ensemble">,
): Weights<FloatArray>[] {
  return [...ensemble, weights];
}
