/**
 * The task of series regression: one number for a whole series.
 *
 * @module
 */
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import type { RegressionEvaluation } from "../regression/predict.ts";
import { lossOf, scaleIn } from "../regression/task.ts";
import type { EncodedSeries } from "../series_classification/encode.ts";
import { inputWidth } from "../series_classification/features.ts";
import { seriesInputIn } from "../series_classification/task.ts";
import type { Series } from "../series/series.ts";
import type { Task } from "../task.ts";
import type { SeriesRegressionModel } from "./model.ts";
import {
  evaluateSeriesNumbers,
  predictSeriesNumbers,
  type SeriesNumberPrediction,
} from "./predict.ts";
import { encodeSeriesNumbers, seriesNumberTraining } from "./training.ts";

/** The task of models created by `createSeriesRegressor`. */
export const seriesRegression: Task<
  SeriesRegressionModel,
  SeriesNumberPrediction,
  never,
  RegressionEvaluation,
  Series,
  Series,
  EncodedSeries
> = {
  name: "series-regression",
  models: "series regression models",
  usage: "this is a series regression model; use predict() with series",
  trainOptions: [],
  shapes: (model) => weightShapes(model.config, inputWidth(model), 1),
  encode: encodeSeriesNumbers,
  training: seriesNumberTraining,
  predict: predictSeriesNumbers,
  evaluate: evaluateSeriesNumbers,
  file: {
    claims: (task) => task === seriesRegression.name,
    minLabels: 0,
    keys: ["columns", "scaling", "segment", "noise", "stretch", "loss", "scale"],
    metadata: ({ task, columns, scaling, segment, noise, stretch, loss, scale }) => ({
      task,
      columns: JSON.stringify(columns),
      scaling: JSON.stringify(scaling),
      segment: `${segment}`,
      noise: `${noise}`,
      stretch: `${stretch}`,
      loss,
      scale: JSON.stringify(scale),
    }),
    read: (header, metadata, fail) => ({
      task: "series-regression",
      ...seriesInputIn(header, metadata, fail),
      loss: lossOf(metadata, fail),
      scale: scaleIn(metadata, fail),
      ...header,
    }),
    torchShapes: (model) => torchShapes(model.config, inputWidth(model), 1),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
  },
};
