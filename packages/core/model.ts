/**
 * What all models have: a network, its vocabulary, its labels and its weights, as plain data.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import type { Example } from "./data/examples.ts";
import type { NetworkConfig } from "./network/config.ts";
import type { Weights } from "./network/weights.ts";
import type { DataColumns } from "./series/columns.ts";
import type { Series } from "./series/series.ts";

/** A model of any task. Each task adds what is its own. */
export interface AnyModel {
  /** The name of its task. */
  task: string;
  /** What the network is made of. */
  config: NetworkConfig;
  /** The words or symbols that it reads, by id; id 0 stands for every unknown one. */
  vocabulary: string[];
  /** The labels by id; of a model that predicts symbols one by one, these symbols. */
  labels: string[];
  /** The weights, row by row. Training replaces them with each good set of new ones. */
  weights: Weights<FloatArray>;
  /**
   * Of an ensemble, the weights of its other networks, which differ by their seeds alone: it answers
   * by the mean of the outputs of all.
   */
  ensemble?: Weights<FloatArray>[];
}

/** A model of any task that reads series. */
export interface SeriesModel extends AnyModel {
  /** The columns that it asks of a series, by name. */
  columns: string[];
  /** What the other columns of the table were called that it learned from: defaults for later ones. */
  dataColumns?: DataColumns;
}

/** What a model learns from: series, or texts with labels. */
export type ExampleOf<M extends AnyModel> = M extends SeriesModel ? Series : Example;

/** What a model is asked about: series, or texts. */
export type AskedOf<M extends AnyModel> = M extends SeriesModel ? Series : string;

/** A model without its weights. */
export type Shell<M extends AnyModel = AnyModel> = Omit<M, "weights">;

/**
 * The weights of all networks of a model: of an ensemble several.
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
