/**
 * Forecasts the rows that follow series.
 *
 * @module
 */
import { requireInteger, requireOptions } from "../checks.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { sequenceOf } from "../sequence.ts";
import type { Series } from "../series/series.ts";
import type { Uploaded } from "../task.ts";
import { correctBand } from "./band.ts";
import type { ForecastModel } from "./form.ts";
import { forecastWindows } from "./measure.ts";
import { unscaled } from "./scaling.ts";
import { placeOfSeries, requireSeries, rowsOf } from "./series.ts";
import { prepareSeries, timesOf } from "./windows.ts";

/** Options of `predict` for forecasters. */
export interface ForecastPredictOptions {
  /**
   * The number of rows to forecast. Beyond the model's horizon, its forecasts are read as if they
   * were actual values, and the band is too narrow. Default: the model's horizon.
   */
  horizon?: number;
}

/** The forecasts of the rows that follow a series. */
export interface Forecast {
  /** The name of the series, if it has one. */
  name?: string;
  /** The time of each row in milliseconds since 1970 (UTC), if the series has times. */
  time?: Float64Array;
  /** The names of the forecast columns. */
  targets: string[];
  /** For each target, the forecast of each row. */
  values: Float64Array[];
  /** For each quantile of the model and each target, the value in each row. */
  quantiles: { probability: number; values: Float64Array[] }[];
}

/**
 * Forecasts the rows after the last one with a value of any target. Rows after it may have columns
 * that are known ahead.
 *
 * @throws {InputError} If a column or a value is missing, a series is shorter than the window, or
 *   the horizon is too long for the columns that the model reads.
 */
export async function predictForecasts(
  on: Uploaded<ForecastModel>,
  asked: readonly Series[],
  options: ForecastPredictOptions = {},
): Promise<Forecast[]> {
  requireOptions("predict()", options, ["horizon"]);
  const { model } = on, { targets, quantiles, horizon: block, features } = model;
  const { horizon = block } = options;
  requireInteger("the horizon", horizon, 1);
  if (horizon > block && features.length > 0) {
    throw new InputError(
      `the model reads ${quote(features[0])}, which is not known beyond the data, so its horizon ` +
        `is at most ${block}, got ${horizon}; use a shorter one, or train with a longer horizon`,
    );
  }
  const blocks = Math.ceil(horizon / block), kinds = 1 + quantiles.length;
  const prepared = asked.map((series) => {
    requireSeries(series);
    const rows = knownRows(model, series);
    // The calendar is known for any row; other columns are read as far as they go.
    const given = model.knownAhead.length > 0 ? rowsOf(series) - rows : blocks * block;
    const ahead = Math.min(blocks * block, Math.max(horizon, given));
    const own = prepareSeries(model, series, rows, ahead, blocks * block);
    return { rows, series: own };
  });
  const found = prepared.map(() =>
    Array.from({ length: kinds }, () => targets.map(() => new Float64Array(horizon)))
  );
  for (let b = 0; b < blocks; b++) {
    const windows = sequenceOf(prepared.length * targets.length, (i) => {
      const { rows, series } = prepared[Math.floor(i / targets.length)];
      return { series, target: i % targets.length, origin: rows + b * block };
    });
    let i = 0;
    for await (const forecasts of forecastWindows(on, windows)) {
      for (const { window: { series, target, origin }, values } of forecasts) {
        series.targets[target].set(values.subarray(0, block), origin);
        const own = found[Math.floor(i++ / targets.length)];
        correctBand(values, target, model);
        for (let k = 0; k < kinds; k++) {
          for (let t = 0; t < block && b * block + t < horizon; t++) {
            own[k][target][b * block + t] = unscaled(values[k * block + t], target, model);
          }
        }
      }
    }
  }
  return asked.map((series, i) => {
    const { rows } = prepared[i], [values, ...others] = found[i];
    return {
      ...(series.name === undefined ? {} : { name: series.name }),
      ...(series.time && model.step
        ? { time: timesOf(model, series, rows + horizon).slice(rows) }
        : {}),
      targets: [...targets],
      values,
      quantiles: quantiles.map((probability, q) => ({ probability, values: others[q] })),
    };
  });
}

/** Returns the number of rows up to the last with any target; throws if they are too few. */
function knownRows({ targets, window }: ForecastModel, series: Series): number {
  const columns = targets.map((name) => series.columns.indexOf(name)).filter((at) => at >= 0);
  let rows = rowsOf(series);
  const isUnknown = (row: number) =>
    columns.length > 0 && columns.every((at) => Number.isNaN(series.values[at][row]));
  while (rows > 0 && isUnknown(rows - 1)) rows--;
  if (rows >= window) return rows;
  throw new InputError(
    `${placeOfSeries(series)}the model reads the last ${window} rows, but there are ${rows}; ` +
      "give more, or train with a shorter window",
  );
}
