/**
 * Reads and writes forecasters in model files.
 *
 * @module
 */
import { ARTICLE_NETWORK } from "../network/config.ts";
import { NUMBER_LOSSES, type NumberLossName } from "../network/losses/losses.ts";
import { calendarColumns } from "../series/calendar.ts";
import type { Scaling } from "../series/scaling.ts";
import type { TimeStep } from "../series/time_steps.ts";
import { isRecord } from "../training/same.ts";
import type { TaskFile } from "../task.ts";
import { BLENDED } from "./blend.ts";
import type { BandCalibration, Blend, ForecastModel } from "./form.ts";
import { forecastFromTorch, forecastTorchShapes, forecastToTorch } from "./torch_names.ts";

const MOST_VALUES = 2 ** 14; // in JSON metadata, enough for a few thousand columns
const MOST_ROWS = 2 ** 24; // of a window or a horizon

const COUNTS = ["horizon", "window", "segment", "season"] as const;
const LISTS = ["targets", "features", "knownAhead"] as const;

/** How forecasters are stored in model files. */
export const forecastFile: Omit<TaskFile<ForecastModel>, "claims"> = {
  minLabels: 0,
  keys: ["series", "forecast", "scales", "band"],
  metadata({ task, targets, features, knownAhead, calendar, scaling, naiveErrors, ...form }) {
    const { horizon, window, segment, season, loss, quantiles, log, step, blend, band } = form;
    return {
      task,
      series: JSON.stringify({ targets, features, knownAhead }),
      forecast: JSON.stringify({
        ...{ horizon, window, segment, season, loss, quantiles, log, step, blend },
        calendar: calendar.length > 0,
      }),
      scales: JSON.stringify({
        ...scaling,
        naiveErrors: naiveErrors.map((error) => Number.isFinite(error) ? error : null),
      }),
      ...(band ? { band: JSON.stringify(band) } : {}),
    };
  },
  read({ config, vocabulary, labels }, metadata, fail) {
    const damaged = (what: string) => fail(`is damaged: its ${what} should be a forecaster's`);
    const record = (key: string) => {
      const value = metadata.json(key, MOST_VALUES);
      return isRecord(value) ? value : damaged(key);
    };
    const series = record("series"), form = record("forecast"), scales = record("scales");
    const [targets, features, knownAhead] = LISTS.map((name) =>
      areNames(series[name]) ? series[name] : damaged(`series' ${name}`)
    );
    const columns = [...targets, ...features, ...knownAhead];
    if (targets.length === 0 || new Set(columns).size < columns.length) damaged("series");
    const counts = COUNTS.map((name) => {
      const value = form[name];
      const isCount = Number.isSafeInteger(value) && value as number >= 1;
      return isCount && value as number <= MOST_ROWS ? value as number : damaged(name);
    });
    const [horizon, window, segment, season] = counts;
    if (window % segment > 0) damaged("window");
    const { bidirectional, embedding, head } = ARTICLE_NETWORK;
    const isForecasters = config.bidirectional === bidirectional &&
      config.embedding === embedding && config.head === head;
    if (!isForecasters) damaged("config");
    const { loss, quantiles, calendar, log, step } = form;
    const isRising = areNumbers(quantiles) &&
      quantiles.every((q, i) => q > (i > 0 ? quantiles[i - 1] : 0) && q < 1);
    if (!isRising) return damaged("quantiles");
    if (!NUMBER_LOSSES.includes(loss as NumberLossName)) damaged("loss");
    if (typeof log !== "boolean" || typeof calendar !== "boolean") return damaged("forecast");
    if (step === undefined ? calendar : !isStep(step)) return damaged("step");
    const naiveErrors = Array.isArray(scales.naiveErrors)
      ? scales.naiveErrors.map((error) => error ?? NaN)
      : [];
    if (naiveErrors.length !== targets.length || !naiveErrors.every((e) => typeof e === "number")) {
      damaged("scales");
    }
    if (form.blend !== undefined && !isBlend(form.blend)) return damaged("blend");
    const band = metadata.text("band") === undefined
      ? undefined
      : bandIn(record("band"), quantiles.length, targets.length, horizon) ?? damaged("band");
    return {
      task: "forecast",
      config,
      vocabulary,
      labels,
      columns,
      ...{ targets, features, knownAhead },
      calendar: calendar ? calendarColumns(step as TimeStep) : [],
      ...(step === undefined ? {} : { step: step as TimeStep }),
      ...{ horizon, window, segment, season, loss: loss as NumberLossName, quantiles, log },
      scaling: scalingIn(scales, columns.length) ?? damaged("scales"),
      naiveErrors,
      ...(form.blend === undefined ? {} : { blend: form.blend }),
      ...(band ? { band } : {}),
    };
  },
  torchShapes: forecastTorchShapes,
  toTorch: forecastToTorch,
  fromTorch: forecastFromTorch,
};

/** Returns the scaling of columns; undefined if it is not valid. */
function scalingIn(
  { means, deviations }: Record<string, unknown>,
  count: number,
): Scaling | undefined {
  if (!areNumbers(means) || !areNumbers(deviations)) return undefined;
  const isWhole = means.length === count && deviations.length === count;
  return isWhole && deviations.every((each) => each > 0) ? { means, deviations } : undefined;
}

/** Returns whether a value is a valid blend. */
function isBlend(value: unknown): value is Blend {
  return isRecord(value) && BLENDED.includes(value.naive as Blend["naive"]) &&
    typeof value.weight === "number" && value.weight >= 0 && value.weight < 1;
}

/** Returns the calibration of a band; undefined if it is not valid. */
function bandIn(
  { windows, apart, parts, factors, margins }: Record<string, unknown>,
  quantiles: number,
  targets: number,
  horizon: number,
): BandCalibration | undefined {
  const isCount = (value: unknown): value is number =>
    Number.isSafeInteger(value) && value as number >= 1;
  const isTable = (value: unknown, columns: number): value is number[][] =>
    Array.isArray(value) && value.length === quantiles &&
    value.every((row) => areNumbers(row) && row.length === columns && row.every((x) => x >= 0));
  if (!isCount(windows) || !isCount(apart) || !isCount(parts) || parts > horizon) return undefined;
  if (!isTable(factors, targets * parts) || !isTable(margins, targets)) return undefined;
  return { windows, apart, parts, factors, margins };
}

/** Returns whether a value is a valid time step. */
function isStep(value: unknown): value is TimeStep {
  return isRecord(value) && ["millisecond", "month", "number"].includes(value.unit as string) &&
    typeof value.size === "number" && value.size > 0 && value.size < Infinity &&
    ["undefined", "boolean"].includes(typeof value.isIrregular);
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isFinite(each));
}

function areNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
