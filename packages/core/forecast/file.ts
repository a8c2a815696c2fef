/**
 * Forecasters in files.
 *
 * @module
 */
import { ARTICLE_NETWORK } from "../network/config.ts";
import { isRecord } from "../training/same.ts";
import type { TaskFile } from "../task.ts";
import { CALENDAR_FEATURES, type CalendarFeature } from "./calendar.ts";
import type { ForecastForm, ForecastModel } from "./form.ts";
import { ERROR_LOSS_NAMES, type ErrorLossName } from "./loss.ts";
import type { Scale } from "./scaling.ts";
import { forecastFromTorch, forecastTorchShapes, forecastToTorch } from "./torch_names.ts";

const MOST_VALUES = 2 ** 14; // in the metadata of some thousand columns
const MOST_ROWS = 2 ** 24; // of a window or a horizon

const COUNTS = ["horizon", "window", "segment", "season"] as const;
const LISTS = ["targets", "features", "knownAhead"] as const;

/** How forecasters are kept in files. */
export const forecastFile: Omit<TaskFile<ForecastModel>, "claims"> = {
  minLabels: 0,
  keys: ["series", "forecast", "scales"],
  metadata({ task, targets, features, knownAhead, calendar, scales, naiveErrors, ...form }) {
    const { horizon, window, segment, season, loss, quantiles } = form;
    return {
      task,
      series: JSON.stringify({ targets, features, knownAhead }),
      forecast: JSON.stringify({ horizon, window, segment, season, loss, quantiles, calendar }),
      scales: JSON.stringify({
        means: scales.map(({ mean }) => mean),
        deviations: scales.map(({ deviation }) => deviation),
        logs: scales.map(({ log }) => log),
        naiveErrors: naiveErrors.map((error) => Number.isFinite(error) ? error : null),
      }),
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
    const { loss, quantiles, calendar } = form;
    const isRising = areNumbers(quantiles) &&
      quantiles.every((q, i) => q > (i > 0 ? quantiles[i - 1] : 0) && q < 1);
    if (!isRising) return damaged("quantiles");
    if (!ERROR_LOSS_NAMES.includes(loss as ErrorLossName)) damaged("loss");
    const areFeatures = Array.isArray(calendar) && new Set(calendar).size === calendar.length &&
      calendar.every((each) => CALENDAR_FEATURES.includes(each));
    if (!areFeatures) damaged("calendar");
    const naiveErrors = Array.isArray(scales.naiveErrors)
      ? scales.naiveErrors.map((error) => error ?? NaN)
      : [];
    if (naiveErrors.length !== targets.length || !naiveErrors.every((e) => typeof e === "number")) {
      damaged("scales");
    }
    const shell: ForecastForm = {
      task: "forecast",
      config,
      vocabulary,
      labels,
      columns,
      targets,
      features,
      knownAhead,
      calendar: calendar as CalendarFeature[],
      ...{ horizon, window, segment, season, loss: loss as ErrorLossName, quantiles },
      scales: scalesOf(scales, columns.length) ?? damaged("scales"),
      naiveErrors,
    };
    return shell;
  },
  torchShapes: forecastTorchShapes,
  toTorch: forecastToTorch,
  fromTorch: forecastFromTorch,
};

/** The scale of each column; none where one is none. */
function scalesOf(
  { means, deviations, logs }: Record<string, unknown>,
  count: number,
): Scale[] | undefined {
  if (!areNumbers(means) || !areNumbers(deviations) || !Array.isArray(logs)) return undefined;
  const isWhole = [means, deviations, logs].every(({ length }) => length === count);
  const isRight = deviations.every((each) => each > 0) &&
    logs.every((log) => typeof log === "boolean");
  if (!isWhole || !isRight) return undefined;
  return means.map((mean, c) => ({ mean, deviation: deviations[c], log: logs[c] }));
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isFinite(each));
}

function areNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
