/**
 * Creates untrained models that classify series.
 *
 * @module
 */
import { requireInteger, requireLeast } from "../checks.ts";
import { InputError } from "../errors.ts";
import type { SeriesModel } from "../model.ts";
import { checkModelOptions } from "../model_options.ts";
import { checkConfig, type NetworkConfig, networkConfig } from "../network/config.ts";
import { poolingOf } from "../network/head.ts";
import { type Init, initWeights } from "../network/init.ts";
import { checkSizes, weightShapes } from "../network/shapes.ts";
import { quote } from "../printable.ts";
import { Random, STREAMS } from "../random.ts";
import { mapped, type Sequence } from "../sequence.ts";
import { scalingOf } from "../series/scaling.ts";
import type { Series } from "../series/series.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import { featuresOf, inputWidth, placeOfSeries, type SeriesInput } from "./features.ts";

/** A model that predicts one label for a whole series. */
export interface SeriesClassificationModel extends SeriesModel, SeriesInput {
  /** Its task. */
  task: "series-classification";
  /** The columns that it reads, by name. */
  columns: string[];
  /** The standard deviation of the noise that training adds to each scaled value. */
  noise: number;
  /** The standard deviation of the factor around 1 that training scales each column by. */
  stretch: number;
}

/** Options of {@linkcode createSeriesClassifier}, including those of the network. */
export interface SeriesClassifierOptions
  extends Partial<Omit<NetworkConfig, "embedding" | "frozen" | "projection" | "letters" | "crf">> {
  /** The columns to read. Default: those of the first series. */
  columns?: readonly string[];
  /** The rows in one time step of the network. Default: the fewest for at most 128 time steps. */
  segment?: number;
  /** The standard deviation of the noise that training adds, a regularizer. Default: 0.2. */
  noise?: number;
  /** The standard deviation of the random factor on each column in training. Default: 0.1. */
  stretch?: number;
  /** The weight initialization. Default: `"scaled"`. */
  init?: Init;
  /** The seed of the weights. Default: 1. */
  seed?: number;
}

const OPTIONS = Object.keys(
  {
    cell: true,
    activation: true,
    hidden: true,
    layers: true,
    bidirectional: true,
    dropout: true,
    recurrentDropout: true,
    head: true,
    columns: true,
    segment: true,
    noise: true,
    stretch: true,
    init: true,
    seed: true,
  } satisfies Record<keyof SeriesClassifierOptions, true>,
);

// The network reads numbers instead of words.
const SETTLED = { embedding: 0, frozen: false } as const;

// Cross-validated on the training parts of ItalyPowerDemand (0.05: 0.333 nats, 0.1: 0.311,
// 0.2: 0.306, 0.3: 0.288) and BasicMotions (0.054, 0.054, 0.009, 0.009).
const NOISE = 0.2;
const MAX_STEPS = 128; // of the longest series: backpropagation goes through all of them

/**
 * Creates an untrained model that classifies whole series. It reads each column and its differences
 * from step to step, scaled by their mean and standard deviation in these series, which should be
 * the training part alone.
 *
 * Defaults: a bidirectional GRU with a hidden size of 64, mean and max pooling over time, and a
 * dropout rate of 0.3.
 *
 * @throws {InputError} If there are fewer than two labels, a column or a value is missing, all
 *   series are constant, or an option is out of range.
 *
 * @example
 * ```ts
 * import { createSeriesClassifier, type Series } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const series: Series[] = ["up", "down"].map((label, sign) => ({
 *   columns: ["x"],
 *   values: [Float64Array.from({ length: 12 }, (_, t) => sign ? -t : t)],
 *   label,
 * }));
 * const model = createSeriesClassifier(series);
 * assertEquals([model.labels, model.columns, model.segment], [["down", "up"], ["x"], 1]);
 * ```
 */
export function createSeriesClassifier(
  series: Sequence<Series>,
  options: SeriesClassifierOptions = {},
): SeriesClassificationModel {
  let labels: string[] = [];
  const { config, vocabulary, weights, ...own } = seriesModel(series, options, {
    name: "createSeriesClassifier()",
    outputs: () => (labels = labelsOf(series)).length,
  });
  return { task: "series-classification", ...own, config, vocabulary, labels, weights };
}

/**
 * Creates what all models that read whole series have in common.
 *
 * @param own The `name` of the called function, its `options` in addition to those of every such
 *   model, and a function that returns the number of network `outputs` and may throw.
 */
export function seriesModel(
  series: Sequence<Series>,
  options: SeriesClassifierOptions,
  own: { name: string; options?: readonly string[]; outputs: () => number },
): Omit<SeriesClassificationModel, "task" | "labels"> {
  checkModelOptions(own.name, [...OPTIONS, ...own.options ?? []], options, SETTLED);
  const { noise = NOISE, stretch = 0.1, init = "scaled", seed = 1 } = options;
  requireInteger("the seed", seed, 0);
  checkNoise(noise, stretch);
  const first = series.at(0);
  if (!first) throw new InputError("there are no series to learn from");
  const columns = [...options.columns ?? first.columns];
  if (columns.length === 0) throw new InputError("there is no column to read; give one");
  let longest = 1;
  for (const { values: [values] } of series) longest = Math.max(longest, values?.length ?? 0);
  const segment = options.segment ?? Math.ceil(longest / MAX_STEPS);
  requireInteger("the segment", segment, 1);
  const defaults = {
    cell: "gru",
    hidden: 64,
    bidirectional: true,
    dropout: 0.3,
    head: "mean-max",
  } as const;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const config = networkConfig({ ...defaults, ...Object.fromEntries(given), ...SETTLED });
  checkConfig(config);
  requireOnePrediction(config);
  const outputs = own.outputs();
  let i = 0;
  const scaling = scalingOf(mapped(series, (each) => featuresOf(each, columns, i++)));
  requireVaried(series, columns);
  const input: SeriesInput = { columns, scaling, segment };
  const shapes = weightShapes(config, inputWidth(input), outputs);
  checkSizes(config, shapes);
  // As with an embedding, no row is for an unknown word, which would start at zero.
  const drawnFor = { ...config, embedding: inputWidth(input) };
  const weights = initWeights(init, drawnFor, shapes, new Random(seed, STREAMS.weights));
  return { ...input, noise, stretch, config, vocabulary: [UNKNOWN], weights };
}

/** Throws if every column has the same value throughout all series. */
function requireVaried(series: Sequence<Series>, columns: readonly string[]): void {
  const first = series.at(0)!;
  const placesOf = ({ columns: own }: Series) => columns.map((name) => own.indexOf(name));
  const values = placesOf(first).map((place) => first.values[place][0]);
  for (const each of series) {
    const places = placesOf(each);
    if (places.some((place, i) => each.values[place].some((v) => v !== values[i]))) return;
  }
  const where = first.where?.replace(/:\d+$/, ": ") ?? "";
  throw new InputError(
    `${where}all series are constant, such as ${quote(columns[0])} at ${values[0]}; give columns ` +
      "whose values differ",
  );
}

/** Throws if the noise or the stretch is below 0. */
export function checkNoise(noise: number, stretch: number): void {
  requireLeast("the noise", noise, 0);
  requireLeast("the stretch", stretch, 0);
}

/** Throws if the network predicts at every time step. */
export function requireOnePrediction(config: NetworkConfig): void {
  if (!poolingOf(config).isPerStep) return;
  throw new InputError(
    `a series has one label, so the head must be last, mean, max or mean-max, got ${config.head}`,
  );
}

function labelsOf(series: Sequence<Series>): string[] {
  const labels = new Set<string>();
  let i = 0;
  for (const each of series) labels.add(labelOf(each, i++));
  if (labels.size > 1) return [...labels].sort();
  const where = series.at(0)!.where?.replace(/:\d+$/, ": ") ?? "";
  throw new InputError(
    `${where}every series has the label ${quote([...labels][0])}; ` +
      "a classifier needs at least two labels",
  );
}

/**
 * Returns the label of a series.
 *
 * @throws {InputError} If it has none.
 */
export function labelOf(series: Series, index: number): string {
  if (series.label !== undefined && series.label !== "") return series.label;
  throw new InputError(
    `${placeOfSeries(series, index)}: the series has no label; ` +
      "give it one, or name the column of the labels (--label-column)",
  );
}
