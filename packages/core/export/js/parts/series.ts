/**
 * The predictions of an exported module for series. As in `network.ts`, each function is emitted
 * into the module unchanged.
 *
 * @module
 */
import { logSoftmaxRows } from "../../../baseline/mixing.ts";
import { correctBand } from "../../../forecast/band.ts";
import { blend } from "../../../forecast/blend.ts";
import { knownRows } from "../../../forecast/ends.ts";
import { stepsOf } from "../../../forecast/form.ts";
import { unscaled } from "../../../forecast/scaling.ts";
import {
  type Gathered,
  gatherWindows,
  prepareSeries,
  timesOf,
  type Window,
} from "../../../forecast/windows.ts";
import { argmax } from "../../../network/loss.ts";
import { inputsOf } from "../../../series_classification/features.ts";
import type { Series } from "../../../series/series.ts";
import { byLabel } from "./answers.ts";
import { demand } from "./generate.ts";
import { CELL, DEVIATION, FORM, LABELS, MEAN, networks, SERIES } from "./model.ts";
import { addProduct, headOf, joined, readLayers, rowOf, sequenceOutputs } from "./network.ts";
import type { Row } from "./types.ts";

/** A series as callers may pass it, with plain arrays of numbers. */
interface Given {
  name?: string;
  columns: string[];
  values: ArrayLike<number>[];
  time?: ArrayLike<number>;
}

/** Converts the numbers of a series to float64. */
export function seriesOf(given: Given): Series {
  const { columns, values } = given;
  const rows = values?.[0]?.length;
  demand(
    Array.isArray(columns) && Array.isArray(values) && values.length === columns.length &&
      values.every(({ length }) => length === rows),
    "a series needs columns, their names, and values, one array of equal length for each",
  );
  return {
    ...given,
    values: values.map((column) => Float64Array.from(column)),
    ...(given.time ? { time: Float64Array.from(given.time) } : {}),
  } as Series;
}

/** Computes the outputs for a series, and the facts that accompany a prediction. */
export function seriesOutputs(given: Given): { y: Row; read: { name?: string; rows: number } } {
  const series = seriesOf(given), all = inputsOf(series, SERIES, 0);
  const width = 2 * SERIES.columns.length * SERIES.segment;
  const steps = Array.from(
    { length: all.length / width },
    (_, t) => Float64Array.from({ length: width }, (_, i) => all[t * width + i]),
  );
  const { name } = series, rows = series.values[0].length;
  return { y: sequenceOutputs(() => steps), read: name === undefined ? { rows } : { name, rows } };
}

/** Predicts the label of a series. */
export function predictSeriesLabel(given: Given) {
  const { y, read } = seriesOutputs(given);
  const p = logSoftmaxRows(y, y.length).map(Math.exp);
  return { label: LABELS[argmax(p, 0, p.length)], probabilities: byLabel(p), ...read };
}

/** Predicts a number for a series. */
export function predictSeriesNumber(given: Given) {
  const { y, read } = seriesOutputs(given);
  return { value: MEAN + DEVIATION * y[0], ...read };
}

/** Computes the outputs for each segment of a horizon: the forecast, then each quantile. */
export function windowOutputs(
  { x, known, columns: [target] }: Pick<Gathered, "x" | "known" | "columns">,
): Row[] {
  const [{ weights, layers }] = networks(), [N, M] = stepsOf(FORM), { hidden } = CELL;
  const part = (all: ArrayLike<number>, i: number, count: number) => {
    const length = all.length / count;
    return Float64Array.from({ length }, (_, k) => all[i * length + k]);
  };
  const e = Array.from(
    { length: N },
    (_, n) =>
      addProduct(Float64Array.from(weights.be), part(x, n, N), weights.We)
        .map((each) => Math.max(0, each)),
  );
  const states = readLayers(e, layers, CELL).final.map(([state]) => state);
  return Array.from({ length: M }, (_, m) => {
    const { positions, columns, Wk } = weights, half = hidden >> 1;
    const p = rowOf(positions, m, hidden - half);
    const u = joined(columns ? [p, rowOf(columns, target, half)] : [p]);
    if (Wk) addProduct(u, part(known, m, M), Wk);
    const { outputs: [s] } = readLayers([u], layers, CELL, states);
    return headOf(weights, s);
  });
}

/** Computes the scaled forecast of each row of the horizon, followed by those of each quantile. */
export function forecastWindow(window: Window): Row {
  const { segment, horizon, quantiles } = FORM, kinds = 1 + quantiles.length;
  const gathered = gatherWindows(FORM, [window], "float64");
  const outputs = windowOutputs(gathered), values = new Float64Array(kinds * horizon);
  for (let q = 0; q < kinds; q++) {
    for (let t = 0; t < horizon; t++) {
      const y = outputs[Math.floor(t / segment)];
      values[q * horizon + t] = y[q * segment + t % segment] + gathered.last[0];
    }
  }
  blend(FORM, values, window.series.targets[window.target] as Row, window.origin);
  return values;
}

/** Forecasts the rows after the last one in which every target has a value. */
export function forecast(given: Given, { horizon = FORM.horizon }: { horizon?: number } = {}) {
  const { targets, quantiles, horizon: block, features, knownAhead, window } = FORM;
  const series = seriesOf(given), missing = targets.find((name) => !series.columns.includes(name));
  demand(missing === undefined, `there is no column ${missing}`);
  const rows = knownRows(series, targets);
  demand(Number.isInteger(horizon) && horizon > 0, "the horizon must be at least 1");
  demand(
    horizon <= block || features.length === 0,
    `the model reads ${features[0]}, which is not known ahead: the horizon is at most ${block}`,
  );
  demand(rows >= window, `the model reads the last ${window} rows, but there are ${rows}`);
  const blocks = Math.ceil(horizon / block), kinds = 1 + quantiles.length;
  const room = blocks * block, all = series.values[0].length;
  const ahead = Math.min(room, Math.max(horizon, knownAhead.length > 0 ? all - rows : room));
  const prepared = prepareSeries(FORM, series, rows, ahead, room);
  const found = Array.from({ length: kinds }, () => targets.map(() => new Float64Array(horizon)));
  for (let b = 0; b < blocks; b++) {
    const origin = rows + b * block;
    for (let target = 0; target < targets.length; target++) {
      const values = forecastWindow({ series: prepared, target, origin });
      prepared.targets[target].set(values.subarray(0, block), origin);
      correctBand(values, target, FORM);
      for (let k = 0; k < kinds; k++) {
        for (let t = 0; t < block && b * block + t < horizon; t++) {
          found[k][target][b * block + t] = unscaled(values[k * block + t], target, FORM);
        }
      }
    }
  }
  const [values, ...others] = found;
  return {
    ...(series.name === undefined ? {} : { name: series.name }),
    ...(series.time && FORM.step
      ? { time: timesOf(FORM, series, rows + horizon).slice(rows) }
      : {}),
    targets: [...targets],
    values,
    quantiles: quantiles.map((probability, q) => ({ probability, values: others[q] })),
  };
}
