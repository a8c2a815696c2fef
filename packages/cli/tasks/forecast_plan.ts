/**
 * Plans the training of a forecaster: the held-out rows, the model, its options, and a backtest.
 *
 * @module
 */
import {
  type Backend,
  calibrateForecaster,
  evaluate,
  type ForecastEvaluation,
  type ForecastModel,
  type ForecastOptions,
  InputError,
  planForecast as planSeries,
  recommendForecast,
  rollingFolds,
  type Sequence,
  type SeriesPart,
  splitEnds,
  train,
} from "@unroll/core";
import { quantilesOf } from "../flags/series_flags.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import {
  backtestRecord,
  backtestRows,
  bestOf,
  describeBlend,
  describeForecasts,
  describeWinner,
  forecastTables,
  maseOf,
} from "../output/forecast_scores.ts";
import type { FigureTable } from "../output/report_data.ts";
import { table } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";
import { namedColumns, shortSeries } from "./forecast_data.ts";
import {
  omitUndefined,
  type Plan,
  type Review,
  sizedSettings,
  trainingWith,
  VALIDATION,
} from "./plan.ts";

const HORIZON = 12; // default

/** Returns the network options that the flags give. */
function networkOf(settings: RunSettings): ForecastOptions {
  const { targets, features, knownAhead } = namedColumns(settings);
  const { cell, activation, hidden, layers, dropout, horizon, window, segment, season } = settings;
  return omitUndefined({
    ...{ cell, activation, hidden, layers, dropout, horizon, window, segment, season },
    ...{ targets, features, knownAhead },
    recurrentDropout: settings["recurrent-dropout"],
    log: settings.log && settings.log === "yes",
    calendar: settings.calendar && settings.calendar === "yes",
    quantiles: quantilesOf(settings.quantiles),
    loss: settings.loss,
    seed: settings.seed,
  }) as ForecastOptions;
}

/** Plans a model and its training, with the end of the series as the validation split. */
function planPart(all: readonly SeriesPart[], settings: RunSettings, known?: ForecastModel) {
  const { horizon = HORIZON } = known ?? settings;
  const { network } = settings.size === undefined
    ? { network: {} }
    : recommendForecast(all, networkOf(settings));
  const own = networkOf(sizedSettings(settings, network));
  const { advice, model, examples, validation } = planSeries(all, own, {
    validation: settings.validation,
    orElse: settings.patience ? VALIDATION : 0,
    model: known,
  });
  if (settings.validation && validation.length === 0) {
    throw new InputError(
      `--validation: a horizon of ${horizon} needs as many rows held out, which no series has; ` +
        "give longer series, or leave it out",
    );
  }
  return { model, examples, training: trainingWith<SeriesPart>(settings, advice, validation) };
}

/** Plans the training of a forecaster. */
export function planForecast(
  all: Sequence<SeriesPart>,
  settings: RunSettings,
  known: ForecastModel | undefined,
): Plan<ForecastModel, SeriesPart> {
  const { folds, "hold-out": holdOut } = settings;
  if (folds !== undefined && known) {
    throw new InputError("--folds: trains new models from scratch; leave out --from");
  }
  const whole = Array.from(all);
  const { horizon = HORIZON } = known ?? settings;
  if (holdOut !== undefined && holdOut < horizon) {
    throw new InputError(
      `--hold-out: must be at least the horizon, ${horizon}, got ${holdOut}; hold out more`,
    );
  }
  const { train: learned, rest: test } = holdOut === undefined
    ? { train: whole, rest: undefined }
    : splitEnds(whole, holdOut, { aside: holdOut, left: 1 });
  if (test?.length === 0) {
    throw new InputError(`--hold-out: no series has more than ${holdOut} rows; hold out fewer`);
  }
  const plan = planPart(learned, settings, known);
  const { season } = plan.model;
  const found = settings.season === undefined && !known;
  const isWhole = !test && !settings.test && plan.training.validation?.length === 0;
  return {
    ...plan,
    finish: (backend, signal) => calibrated(backend, plan, signal),
    ...(test && { test }),
    ...(folds !== undefined
      ? { review: backtest(whole, folds, settings) }
      : isWhole && !known
      ? { review: withoutEnd(whole, settings) }
      : {}),
    notes: notesOf([
      ...(found
        ? [{
          line: season > 1
            ? `Season of ${season} steps, found by autocorrelation; --season sets another.`
            : "No season was found; --season sets one.",
          record: { type: "season", season },
        }]
        : []),
      ...shortSeries(plan.examples, plan.model, "trained on").map((warning) => (
        { line: `Warning: ${warning.message}.`, record: { type: "warning", ...warning } }
      )),
    ]),
  };
}

/** A line, and the same as an event. */
interface Note {
  line: string;
  record: object;
}

function notesOf(notes: readonly Note[]): Output {
  return { lines: notes.map(({ line }) => line), records: notes.map(({ record }) => record) };
}

/** Calibrates the trained model, and reports if that changes its forecasts. */
async function* calibrated(
  backend: Backend,
  { model, examples, training }: Plan<ForecastModel, SeriesPart>,
  signal: AbortSignal,
): AsyncGenerator<void, Output> {
  const options = { ...training, signal };
  const { blend } = yield* calibrateForecaster(backend, model, examples, options);
  const lines = blend ? ["", describeBlend(blend)] : [];
  return { lines, records: [{ type: "calibration", blend, ...model.band }] };
}

/** Trains a second network without the last rows, and evaluates it on them. */
function withoutEnd(all: readonly SeriesPart[], settings: RunSettings): Review {
  const { horizon = HORIZON } = settings;
  return async function* (backend) {
    const { train: examples, rest } = splitEnds(all, horizon, { aside: horizon, left: horizon });
    let found: Awaited<ReturnType<typeof evaluate<ForecastModel>>> | undefined;
    let targets: readonly string[] = [];
    try {
      yield* trained(backend, examples, settings, async (model) => {
        targets = model.targets;
        found = await evaluate(backend, model, rest);
      });
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // an InputError means too few rows
    }
    if (!found) {
      yield { lines: ["There are too few rows to hold out the last ones."], records: [] };
      return [];
    }
    yield {
      lines: [
        ...describeForecasts(found, targets),
        "",
        `This is a second network, trained without the last ${horizon} rows and evaluated on them.`,
      ],
      records: [{ type: "review", on: "test", comparison: describeWinner(found), ...found }],
    };
    return forecastTables(found, targets);
  };
}

/** Trains and evaluates on expanding windows of the series. */
function backtest(all: readonly SeriesPart[], folds: number, settings: RunSettings): Review {
  const rows = settings["hold-out"] ?? settings.horizon ?? HORIZON;
  const parts = all.map((series) => rollingFolds(series, folds, rows)); // throws before training
  return async function* (backend) {
    const found: ForecastEvaluation[] = [];
    yield {
      lines: ["", `Backtest: ${folds} training runs, each evaluated on the next ${rows} rows.`, ""],
      records: [],
    };
    for (let k = 0; k < folds; k++) {
      const examples = parts.map((each) => each[k].train);
      yield* trained(backend, examples, settings, async (model) => {
        found.push(await evaluate(backend, model, parts.map((each) => each[k].test)));
      });
      yield foldOutput(k, examples, found[k]);
    }
    const rowsOf = backtestRows(found);
    yield {
      lines: ["", ...table(rowsOf, [0]).map((line) => `  ${line}`)],
      records: [{ type: "backtest", folds, methods: backtestRecord(found) }],
    };
    const [head, ...body] = rowsOf;
    const about = `${folds} training runs on expanding windows of the data, each evaluated on ` +
      `the next ${rows} rows.`;
    return [{ title: "Backtest", about, head, rows: body }] satisfies FigureTable[];
  };
}

/** Trains a separate model; yields from time to time, so that the event loop can run. */
async function* trained(
  backend: Backend,
  series: readonly SeriesPart[],
  settings: RunSettings,
  then: (model: ForecastModel) => Promise<void>,
): AsyncGenerator<Output> {
  const { model, examples, training } = planPart(series, settings);
  for await (const event of train(backend, model, examples, training)) {
    if (event.type === "progress") yield { lines: [], records: [] };
  }
  for await (const _ of calibrateForecaster(backend, model, examples, training)) {
    yield { lines: [], records: [] };
  }
  await then(model);
}

function foldOutput(
  k: number,
  examples: readonly SeriesPart[],
  evaluation: ForecastEvaluation,
): Output {
  const rows = examples.reduce((sum, { values }) => sum + values[0].length, 0);
  const [own, ...others] = evaluation.methods;
  const rival = bestOf(others);
  return {
    lines: [
      `  fold ${k + 1}: ${rows} training rows; MASE ${figureOf(maseOf(own))}, and ` +
      `${figureOf(maseOf(rival))} for ${rival.name}`,
    ],
    records: [{ type: "fold", fold: k + 1, rows, ...evaluation }],
  };
}

function figureOf(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "-";
}
