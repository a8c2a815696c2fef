/**
 * Evaluates a forecaster next to naive forecasts.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Sequence } from "../sequence.ts";
import type { Uploaded } from "../task.ts";
import { resultOf } from "../training/training_task.ts";
import { correctBand, windowsToBeSure } from "./band.ts";
import type { ForecastModel } from "./form.ts";
import { measureWindows } from "./measure.ts";
import { naiveForecasts, type NaiveName } from "./naive.ts";
import { unscaled } from "./scaling.ts";
import type { SeriesPart } from "./series.ts";
import { windowsOf } from "./windows.ts";

/** The errors of forecasts of one column, in its own unit. */
export interface ForecastErrors {
  /** The mean absolute error. */
  mae: number;
  /** The mean squared error. */
  mse: number;
  /** The root mean squared error. */
  rmse: number;
  /** The symmetric mean absolute percentage error, 2 |e| / (|y| + |ŷ|), from 0 to 2. */
  smape: number;
  /** The mean absolute scaled error: MAE over that of seasonal naive forecasts in training. */
  mase: number;
}

/** The errors of one method, over all targets. */
export interface MethodEvaluation {
  /** `"model"`, or the name of a naive forecast. */
  name: "model" | NaiveName;
  /** The mean absolute error of scaled values, over all targets. */
  mae: number;
  /** The mean squared error of scaled values, as papers report it. */
  mse: number;
  /** The errors of each target in its own unit, in the order of the model's targets. */
  targets: ForecastErrors[];
}

/** How often a band contains the actual values. */
export interface BandEvaluation {
  /** The fraction of values within the band. */
  coverage: number;
  /** The fraction that should be within the band. */
  expected: number;
  /** The mean distance from its lower to its upper end, in scaled values. */
  width: number;
  /** The number of windows of each target it was calibrated on; absent without calibration. */
  calibratedOn?: number;
  /** Whether enough of these do not overlap for the coverage to be reliable. */
  isSure: boolean;
}

/** The evaluation of a forecaster. */
export interface ForecastEvaluation {
  /** The mean loss of scaled values, including that of the quantiles. */
  loss: number;
  /** The number of windows that were forecast, counted for each target. */
  windows: number;
  /** The season in rows; 1 for none. */
  season: number;
  /** The model, and the naive forecasts on the same windows. */
  methods: MethodEvaluation[];
  /** The method with the lowest MASE, averaged over all targets. */
  best: "model" | NaiveName;
  /** For each row of the horizon, the model's mean absolute error of scaled values. */
  steps: number[];
  /**
   * The fraction of values between the lowest and the highest quantile, and what it should be;
   * absent with fewer than two quantiles.
   */
  band?: BandEvaluation;
}

/** Sums of errors: for each target in its own unit, and over all targets in scaled values. */
class ErrorSums {
  #absolute = 0;
  #squared = 0;
  #count = 0;
  readonly #own: { absolute: number; squared: number; percentage: number; count: number }[];

  readonly #model: ForecastModel;

  constructor(model: ForecastModel) {
    const zero = { absolute: 0, squared: 0, percentage: 0, count: 0 };
    this.#own = model.targets.map(() => ({ ...zero }));
    this.#model = model;
  }

  /** Adds the forecasts of a window. */
  add(right: Float64Array, forecast: Float64Array, target: number): void {
    const own = this.#own[target];
    for (const [t, value] of right.entries()) {
      const e = value - forecast[t];
      this.#absolute += Math.abs(e);
      this.#squared += e * e;
      const y = unscaled(value, target, this.#model);
      const guess = unscaled(forecast[t], target, this.#model);
      const error = Math.abs(y - guess), size = Math.abs(y) + Math.abs(guess);
      own.absolute += error;
      own.squared += error * error;
      own.percentage += size > 0 ? 2 * error / size : 0;
    }
    this.#count += right.length;
    own.count += right.length;
  }

  /** Returns the mean errors. */
  errors(name: MethodEvaluation["name"]): MethodEvaluation {
    const { naiveErrors } = this.#model;
    return {
      name,
      mae: this.#absolute / this.#count,
      mse: this.#squared / this.#count,
      targets: this.#own.map(({ absolute, squared, percentage, count }, target) => ({
        mae: absolute / count,
        mse: squared / count,
        rmse: Math.sqrt(squared / count),
        smape: percentage / count,
        mase: absolute / count / naiveErrors[target],
      })),
    };
  }
}

/** Evaluates a forecaster on the rows of series that are to be forecast. */
export async function evaluateForecasts(
  on: Uploaded<ForecastModel>,
  series: Sequence<SeriesPart>,
): Promise<ForecastEvaluation> {
  const { model } = on, { horizon, quantiles } = model;
  if (series.length === 0) throw new InputError("there are no series to evaluate on");
  const windows = windowsOf(model, series);
  const naive = naiveForecasts(model, series).map(([name, forecast]) => ({
    name,
    forecast,
    sums: new ErrorSums(model),
  }));
  const own = new ErrorSums(model);
  const steps = new Array<number>(horizon).fill(0);
  const hasBand = quantiles.length > 1;
  let covered = 0, width = 0;
  const { metrics } = await resultOf(
    measureWindows(on, windows, ({ window, values }, right) => {
      const { target } = window;
      own.add(right, values.subarray(0, horizon), target);
      if (hasBand) correctBand(values, target, model);
      for (const { forecast, sums } of naive) sums.add(right, forecast(window), target);
      for (let t = 0; t < horizon; t++) {
        steps[t] += Math.abs(right[t] - values[t]);
        if (!hasBand) continue;
        const low = values[horizon + t], high = values[quantiles.length * horizon + t];
        if (right[t] >= low && right[t] <= high) covered++;
        width += high - low;
      }
    }),
  );
  const methods = [
    own.errors("model"),
    ...naive.map(({ name, sums }) => sums.errors(name)),
  ];
  const best = methods.reduce((a, b) => errorOf(b) < errorOf(a) ? b : a).name;
  return {
    loss: metrics.loss,
    windows: windows.length,
    season: model.season,
    methods,
    best,
    steps: steps.map((sum) => sum / windows.length),
    ...(hasBand && {
      band: {
        coverage: covered / (windows.length * horizon),
        expected: quantiles[quantiles.length - 1] - quantiles[0],
        width: width / (windows.length * horizon),
        ...(model.band && { calibratedOn: model.band.windows }),
        isSure: model.band !== undefined && model.band.apart >= windowsToBeSure(quantiles),
      },
    }),
  };
}

/** Returns the mean MASE, or the MAE of scaled values if it is undefined, as for few rows. */
function errorOf({ targets, mae }: MethodEvaluation): number {
  const mase = targets.reduce((sum, target) => sum + target.mase, 0) / targets.length;
  return Number.isFinite(mase) ? mase : mae;
}
