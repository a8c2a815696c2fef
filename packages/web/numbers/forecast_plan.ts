/**
 * A forecaster for the visitor's series and settings, as the command line would make it.
 *
 * @module
 */
import {
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
import { forecast as words } from "../words/forecast.ts";
import type { ColumnRole, ForecastSettings } from "./forecast_protocol.ts";
import type { ReadFile } from "./forecast_read.ts";

/** A network, and what it is trained and tested on. */
export interface Planned {
  settings: ForecastSettings;
  model: ForecastModel;
  examples: SeriesPart[];
  training: TrainOptions<SeriesPart>;
  /** What is held out; none where nothing is. */
  test: SeriesPart[];
  /** The series, whole. */
  series: Series[];
  /** The first row of a series that is held out. */
  borderOf(series: Series): number | undefined;
}

/** The columns that have a role. */
export function columnsOf({ roles }: Pick<ForecastSettings, "roles">, role: ColumnRole): string[] {
  return Object.keys(roles).filter((name) => roles[name] === role);
}

/**
 * The plan.
 *
 * @param part What of the series is learned, with nothing held out. Default: all but what is.
 * @param model A network that is there already.
 */
export function planOf(
  { series: read }: ReadFile,
  settings: ForecastSettings,
  part?: readonly SeriesPart[],
  model?: ForecastModel,
): Planned {
  const { horizon, holdOut, season, hidden, epochs, calendar, seed } = settings;
  const targets = columnsOf(settings, "target");
  if (targets.length === 0) throw new Error(words.problems.noTarget);
  if (holdOut > 0 && holdOut < horizon) throw new Error(words.problems.holdOut(horizon, holdOut));
  const series = read.map((each) => withKnownRows(withFilledEnds(each, targets), targets));
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
  return {
    ...{ settings, model: plan.model, examples, test, series },
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

/** The settings that a model was made with, as far as it says them. */
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
