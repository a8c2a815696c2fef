/**
 * Forecasts windows, and measures how far the forecasts are from the actual values.
 *
 * @module
 */
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { Sequence } from "../sequence.ts";
import type { Uploaded } from "../task.ts";
import type { Metrics } from "../training/metrics.ts";
import { blend } from "./blend.ts";
import { type ForecastModel, stepsOf } from "./form.ts";
import { createForecastBatch, forecastForward } from "./network.ts";
import { gatherWindows, type Window } from "./windows.ts";

const AT_ONCE = 512; // windows in a batch

/** The forecasts of one window, scaled. */
export interface WindowForecast {
  /** The window. */
  window: Window;
  /** The forecast of each row of the horizon, then as many values for each quantile. */
  values: Float64Array;
}

/** Forecasts windows, a batch at a time. */
export async function* forecastWindows(
  { ops, model, weights }: Uploaded<ForecastModel>,
  windows: Sequence<Window>,
): AsyncGenerator<WindowForecast[]> {
  const { segment, horizon, quantiles } = model, [, M] = stepsOf(model);
  const kinds = 1 + quantiles.length;
  for (let start = 0; start < windows.length; start += AT_ONCE) {
    const size = Math.min(AT_ONCE, windows.length - start);
    const some = Array.from({ length: size }, (_, i) => windows.at(start + i)!);
    const { x, known, columns, last } = gatherWindows(model, some, ops.dtype);
    const kept = ops.scope(() => {
      const batch = createForecastBatch(ops, model, x, known, columns);
      return [forecastForward(ops, model, weights, batch).outputs];
    });
    const [outputs] = await readAndDispose(ops, kept);
    requireFinite(outputs, "forecasts");
    yield some.map((window, i) => {
      const values = new Float64Array(kinds * horizon);
      for (let m = 0; m < M; m++) {
        const row = (m * size + i) * kinds * segment;
        const count = Math.min(segment, horizon - m * segment);
        for (let q = 0; q < kinds; q++) {
          for (let s = 0; s < count; s++) {
            values[q * horizon + m * segment + s] = outputs[row + q * segment + s] + last[i];
          }
        }
      }
      const { series, target, origin } = window;
      blend(model, values, series.targets[target], origin);
      return { window, values };
    });
  }
}

/** The loss of a single error, for each loss. */
const LOSS_OF: Record<ForecastModel["loss"], (e: number) => number> = {
  absolute: Math.abs,
  squared: (e) => e * e,
  huber: (e) => Math.abs(e) <= 1 ? e * e / 2 : Math.abs(e) - 1 / 2,
};

/**
 * Computes the mean loss of windows, and the mean absolute and squared errors, all of scaled
 * values. Yields after each batch.
 *
 * @param each Called with the forecast and the actual values of each window.
 */
export async function* measureWindows(
  on: Uploaded<ForecastModel>,
  windows: Sequence<Window>,
  each?: (forecast: WindowForecast, right: Float64Array) => void,
): AsyncGenerator<void, { metrics: Metrics & { mae: number; mse: number } }> {
  const { horizon, quantiles, loss: name } = on.model;
  const lossOf = LOSS_OF[name];
  let loss = 0, mae = 0, mse = 0;
  for await (const forecasts of forecastWindows(on, windows)) {
    for (const forecast of forecasts) {
      const { window: { series, target, origin }, values } = forecast;
      const right = series.targets[target].subarray(origin, origin + horizon);
      for (let t = 0; t < horizon; t++) {
        const e = right[t] - values[t];
        loss += lossOf(e);
        mae += Math.abs(e);
        mse += e * e;
        for (const [k, q] of quantiles.entries()) {
          const e = right[t] - values[(k + 1) * horizon + t];
          loss += Math.max(q * e, (q - 1) * e) / quantiles.length;
        }
      }
      each?.(forecast, right);
    }
    yield;
  }
  const count = windows.length * horizon;
  return { metrics: { loss: loss / count, mae: mae / count, mse: mse / count } };
}
