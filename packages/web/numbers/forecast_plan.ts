/**
 * Plans a forecaster for the visitor's series and settings, as the command line would create it.
 *
 * @module
 */
import {
  type AnyModel,
  dataColumnsOf,
  type ForecastModel,
  type ForecastOptions,
  planForecast,
  type Series,
  type SeriesPart,
  splitEnds,
  type TrainOptions,
  withFilledEnds,
  withKnownRows,
} from "@unroll/core";
import { forecastWorker as words } from "../words/forecast_worker.ts";
import type { ColumnRole, ForecastSettings } from "./forecast_protocol.ts";
import type { ReadFile } from "./forecast_read.ts";

/** A network, with the data to train and test it. */
export interface Planned {
  settings: ForecastSettings;
  model: ForecastModel;
  examples: SeriesPart[];
  training: TrainOptions<SeriesPart>;
  /** The held-out part; empty if nothing is held out. */
  test: SeriesPart[];
  /** The whole series. */
  series: Series[];
  /** What was filled or left out at the ends, one sentence each. */
  notes: string[];
  /** Returns the first held-out row of a series. */
  borderOf(series: Series): number | undefined;
}

/** Returns the columns that have a role. */
export function columnsOf({ roles }: Pick<ForecastSettings, "roles">, role: ColumnRole): string[] {
  return Object.keys(roles).filter((name) => roles[name] === role);
}

/**
 * Plans a forecaster.
 *
 * @param part The part of each series to train on, without a test. Default: all but the held-out.
 * @param model An existing network. Default: a new one.
 */
export function planOf(
  { series: read, reading }: ReadFile,
  settings: ForecastSettings,
  part?: readonly SeriesPart[],
  model?: ForecastModel,
): Planned {
  const { horizon, holdOut, season, hidden, epochs, calendar, seed } = settings;
  const targets = columnsOf(settings, "target");
  if (targets.length === 0) throw new Error(words.problems.noTarget);
  if (holdOut > 0 && holdOut < horizon) throw new Error(words.problems.holdOut(horizon, holdOut));
  const notes: string[] = [];
  const series = read.map((each) => {
    const filled = withFilledEnds(each, targets, ({ column, count, value }) => {
      if (settings.roles[column] !== "none") notes.push(words.ends.filled(column, count, value));
    });
    const known = withKnownRows(filled, targets);
    const more = each.values[0].length - known.values[0].length;
    if (more > 0) notes.push(words.ends.leftOut(more));
    return known;
  });
  const { train: learned, rest: test } = part
    ? { train: [...part], rest: [] }
    : holdOut > 0
    ? splitEnds(series, holdOut, { aside: holdOut, left: 1 })
    : { train: series, rest: [] };
  if (holdOut > 0 && !part && test.length === 0) throw new Error(words.problems.tooLong(holdOut));
  const asked: ForecastOptions = {
    ...{ targets, horizon, calendar, seed },
    features: columnsOf(settings, "feature"),
    knownAhead: columnsOf(settings, "knownAhead"),
    ...(season === undefined ? {} : { season }),
    ...(hidden === undefined ? {} : { hidden }),
  };
  const plan = planForecast(learned, asked, { model });
  const { advice: { training }, examples, validation } = plan;
  if (!model) plan.model.dataColumns = dataColumnsOf(reading);
  return {
    ...{ settings, model: plan.model, examples, test, series, notes },
    training: {
      ...training,
      ...(epochs === undefined ? {} : { epochs }),
      ...{ seed, validation },
      patience: validation.length > 0 ? training.patience : undefined,
    },
    borderOf(of) {
      const rows = of.values[0].length - holdOut;
      return holdOut > 0 && rows >= 1 ? rows : undefined;
    },
  };
}

/**
 * Returns a model as a forecaster for the columns of a file.
 *
 * @throws {Error} If the model is not a forecaster, or reads columns that the file does not have.
 */
export function forecasterOf(model: AnyModel, name: string, { found, reading }: ReadFile) {
  const { noForecaster, otherColumns } = words.problems;
  if (!isForecaster(model)) throw new Error(noForecaster(name));
  if (model.columns.every((each) => reading.columns.includes(each))) return model;
  throw new Error(otherColumns(name, model.columns, found.name));
}

function isForecaster(model: AnyModel): model is ForecastModel {
  return "horizon" in model;
}

/** Returns the settings that a model was created with, as far as the model records them. */
export function settingsOf(
  { targets, features, knownAhead, calendar, horizon, season, config }: ForecastModel,
  { reading }: ReadFile,
  before: ForecastSettings | undefined,
): ForecastSettings {
  const roleOf = (name: string): ColumnRole =>
    targets.includes(name)
      ? "target"
      : features.includes(name)
      ? "feature"
      : knownAhead.includes(name)
      ? "knownAhead"
      : "none";
  return {
    roles: Object.fromEntries(reading.columns.map((name) => [name, roleOf(name)])),
    ...{ horizon, season, hidden: config.hidden, calendar: calendar.length > 0 },
    holdOut: Math.max(horizon, before?.holdOut ?? 0),
    seed: before?.seed ?? 1,
  };
}
