/**
 * The declarations of an exported module whose model reads series.
 *
 * @module
 */
import { logSoftmaxRows } from "../../baseline/mixing.ts";
import { bandSource } from "../../forecast/band.ts";
import { blend, naiveOf } from "../../forecast/blend.ts";
import { knownRows } from "../../forecast/ends.ts";
import { type ForecastModel, knownWidth, readWidth, stepsOf } from "../../forecast/form.ts";
import { lastValue, seasonalNaive } from "../../forecast/naive.ts";
import { scaledColumn, unscaled } from "../../forecast/scaling.ts";
import { columnOf, placeOfSeries, rowsOf } from "../../forecast/series.ts";
import { gatherWindows, prepareSeries, timesOf } from "../../forecast/windows.ts";
import { argmax } from "../../network/loss.ts";
import type { NumberScale } from "../../regression/scale.ts";
import { calendarSource } from "../../series/calendar.ts";
import { timeStepSource } from "../../series/time_steps.ts";
import { seriesFeatureSource, type SeriesInput } from "../../series_classification/features.ts";
import { byLabel } from "./parts/answers.ts";
import { demand } from "./parts/generate.ts";
import { addDense } from "./parts/network.ts";
import * as parts from "./parts/series.ts";
import { code, type Declarations, together } from "./source.ts";

const common: Declarations = {
  addProduct: addDense,
  ...parts,
  demand,
  argmax,
  byLabel,
  logSoftmaxRows,
  quote: code("JSON.stringify"),
  InputError: code("RangeError"),
};

/** Returns the declarations of a series classifier or regressor. */
export function seriesParts({ columns, scaling, segment }: SeriesInput): Declarations {
  return { ...common, ...seriesFeatureSource(), SERIES: { columns, scaling, segment } };
}

/** Returns the declarations of a regressor's scale. */
export function scaleParts({ mean, deviation }: NumberScale): Declarations {
  return { MEAN: mean, DEVIATION: deviation };
}

/** Returns the declarations of a forecaster. */
export function forecastParts(model: ForecastModel): Declarations {
  const { columns, targets, features, knownAhead, calendar, step } = model;
  const { horizon, window, segment, season, quantiles, log, scaling, band } = model;
  const form = {
    ...{ columns, targets, features, knownAhead, calendar, step, horizon, window, segment, season },
    ...{ quantiles, log, scaling, blend: model.blend, band },
  };
  return together(
    common,
    {
      ...{ knownWidth, readWidth, stepsOf, knownRows, scaledColumn, unscaled },
      ...{ columnOf, placeOfSeries, rowsOf, gatherWindows, prepareSeries, timesOf },
      ...(model.blend ? { blend, naiveOf, lastValue, seasonalNaive } : { blend: code("() => {}") }),
      FORM: form,
      predict: parts.forecast,
    },
    bandSource(),
    timeStepSource(),
    calendarSource(),
  );
}
