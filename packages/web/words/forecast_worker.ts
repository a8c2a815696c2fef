/**
 * The texts of the forecast worker, whose program contains no others.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const forecastWorker = {
  reading: (name: string, share: number) => `Reading ${name}: ${Math.floor(100 * share)}%`,
  calibrating: "Calibrating the band…",
  ends: {
    filled: (column: string, n: number, value: number) =>
      `The last ${n === 1 ? "value" : `${count(n)} values`} of "${column}" ` +
      `${n === 1 ? "is" : "are"} missing; filled with the last known one, ${value}.`,
    leftOut: (rows: number) =>
      `The last ${count(rows)} rows have no target values; they are not used for training.`,
  },
  backtest: {
    title: "Backtest",
    fold: (k: number, folds: number) => `Backtest: fold ${k} of ${folds}`,
    stopped: "The backtest was stopped.",
    about: (folds: number, rows: number) =>
      `${folds} folds: each trains on a longer initial part of the data, and is tested on the next ` +
      `${rows} rows.`,
  },
  beyond: {
    far: (horizon: number) =>
      `The model was trained to forecast ${horizon} steps. Later steps are forecast from its own ` +
      "forecasts, and their band is too narrow.",
  },
  problems: {
    noData: "There is no series to learn from yet; choose one.",
    noTarget: "No column is set to be forecast; choose “forecast” for at least one.",
    holdOut: (horizon: number, given: number) =>
      `Rows held out: must be at least the steps to forecast, ${horizon}, got ${given}; ` +
      "hold out more, or 0 for none",
    tooLong: (rows: number) =>
      `Rows held out: no series has more than ${count(rows)} rows; hold out fewer`,
    noForecaster: (name: string) =>
      `${name}: not a forecasting model; open one that was trained with --task forecast`,
    otherColumns: (name: string, columns: readonly string[], data: string) =>
      `${name}: the model reads ${columns.map((each) => `"${each}"`).join(", ")}, which ${data} ` +
      "does not have; choose a file with these columns, and open the model again",
  },
};
