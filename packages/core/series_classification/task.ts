/**
 * The task of series classification: one label for a whole series.
 *
 * @module
 */
import type { Evaluation } from "../classification/evaluate.ts";
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import type { Series } from "../series/series.ts";
import type { Fail, Metadata, Task } from "../task.ts";
import { type EncodedSeries, encodeSeries } from "./encode.ts";
import { evaluateSeries } from "./evaluate.ts";
import { inputWidth, type SeriesInput } from "./features.ts";
import { requireOnePrediction, type SeriesClassificationModel } from "./model.ts";
import { predictSeries, type SeriesPrediction } from "./predict.ts";
import { seriesTraining } from "./training.ts";

/** The task of models created by `createSeriesClassifier`. */
export const seriesClassification: Task<
  SeriesClassificationModel,
  SeriesPrediction,
  never,
  Evaluation,
  Series,
  Series,
  EncodedSeries
> = {
  name: "series-classification",
  models: "series classification models",
  usage: "this is a series classification model; use predict() with series",
  trainOptions: ["labelWeights"],
  shapes: (model) => weightShapes(model.config, inputWidth(model), model.labels.length),
  encode: encodeSeries,
  training: seriesTraining,
  predict: predictSeries,
  evaluate: evaluateSeries,
  file: {
    claims: (task) => task === seriesClassification.name,
    keys: ["columns", "scaling", "segment", "noise", "stretch"],
    metadata: ({ task, columns, scaling, segment, noise, stretch }) => ({
      task,
      columns: JSON.stringify(columns),
      scaling: JSON.stringify(scaling),
      segment: `${segment}`,
      noise: `${noise}`,
      stretch: `${stretch}`,
    }),
    read(header, metadata, fail) {
      return { task: "series-classification", ...seriesInputIn(header, metadata, fail), ...header };
    },
    torchShapes: (model) => torchShapes(model.config, inputWidth(model), model.labels.length),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
  },
};

/** Reads and checks a model's input settings and its training noise from a file's metadata. */
export function seriesInputIn(
  { config }: Pick<SeriesClassificationModel, "config">,
  metadata: Metadata,
  fail: Fail,
): SeriesInput & Pick<SeriesClassificationModel, "noise" | "stretch"> {
  try {
    requireOnePrediction(config);
  } catch (error) {
    fail(`is damaged: ${(error as Error).message}`);
  }
  if (config.embedding > 0) fail("is damaged: a model that reads series has no embedding");
  const input = inputOf(metadata, fail);
  const [noise, stretch] = ["noise", "stretch"].map((name) => {
    const value = metadata.json(name);
    if (isNumber(value) && value >= 0) return value;
    return fail(`is damaged: its ${name} should be a number of at least 0`);
  });
  return { ...input, noise, stretch };
}

const MAX_COLUMNS = 4096; // of a model in a file: more do not fit the metadata

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Reads and checks a model's input settings from a file's metadata. */
function inputOf(metadata: Metadata, fail: Fail): SeriesInput {
  const columns = metadata.json("columns", MAX_COLUMNS);
  const areColumns = Array.isArray(columns) && columns.length > 0 &&
    columns.every((name) => typeof name === "string") && new Set(columns).size === columns.length;
  if (!areColumns) return fail("is damaged: its columns should be different names");
  const scaling = metadata.json("scaling", 4 * MAX_COLUMNS + 3) as SeriesInput["scaling"];
  const areNumbers = (list: unknown) =>
    Array.isArray(list) && list.length === 2 * columns.length && list.every(isNumber);
  const isScaling = typeof scaling === "object" && scaling !== null &&
    areNumbers(scaling.means) && areNumbers(scaling.deviations) &&
    scaling.deviations.every((deviation) => deviation > 0);
  if (!isScaling) {
    return fail("is damaged: its scaling should be a mean and a deviation for each column");
  }
  const segment = metadata.json("segment");
  if (!isNumber(segment) || !Number.isSafeInteger(segment) || segment < 1) {
    return fail("is damaged: its segment should be a whole number of at least 1");
  }
  const { means, deviations } = scaling;
  return { columns, scaling: { means, deviations }, segment };
}
