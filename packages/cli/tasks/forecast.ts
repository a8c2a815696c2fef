/**
 * The task of forecasting numbers.
 *
 * @module
 */
import {
  createForecaster,
  evaluate,
  type ForecastModel,
  recommendForecast,
  type SeriesPart,
} from "@unroll/core";
import { INPUT } from "../files/paths.ts";
import { describeForecasts, describeWinner } from "../output/forecast_scores.ts";
import { few, figure, shellWord } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";
import { openForecast } from "./forecast_data.ts";
import { planForecast } from "./forecast_plan.ts";
import { forecastPrediction, forecastServing } from "./forecast_predict.ts";
import { forecastReport, lastForecasts } from "./forecast_report.ts";
import { chartLines, forecastSummary } from "./forecast_view.ts";
import type { Task } from "./task.ts";

/** The task `forecast`: the next values of columns of numbers. */
export const forecast: Task<ForecastModel, SeriesPart> = {
  name: "forecast",
  models: "forecast",
  usage: "use it with deno task predict --data FILE",
  flags: [
    "target",
    "features",
    "known-ahead",
    "time",
    "series",
    "decimal",
    "day-first",
    "max-gap",
    "hold-out",
    "horizon",
    "window",
    "segment",
    "season",
    "log",
    "calendar",
    "quantiles",
    "loss",
    "folds",
  ],
  without: ["embedding", "init", "strip-html"],
  help: {
    examples: [
      "train --task forecast --data sales.csv --target passengers --horizon 12 --hold-out 24",
      "train --task forecast --data power.csv --target load --features wind --known-ahead holiday",
    ],
    about: "a series of 1,000 rows",
    found: ["target", "season"],
    sets: () => [1000, 100, 20_000].map((rows) => [waveOf(rows)]),
    advise(examples) {
      const advice = recommendForecast(examples);
      const network = { ...advice.network, embedding: undefined, init: undefined };
      return { ...advice, network, model: createForecaster(examples, advice.network) };
    },
  },
  open: openForecast,
  plan: (all, settings, known) => Promise.resolve().then(() => planForecast(all, settings, known)),
  settles: (model) => ({
    target: model.targets,
    features: model.features.length > 0 ? model.features : undefined,
    "known-ahead": model.knownAhead.length > 0 ? model.knownAhead : undefined,
    horizon: model.horizon,
    window: model.window,
    segment: model.segment,
    season: model.season,
    calendar: model.calendar.length > 0 ? "yes" : "no",
    quantiles: model.quantiles.join(",") || "none",
    loss: model.loss,
  }),
  table(model, sets) {
    const { targets, horizon, window } = model;
    const rows = countsOf(
      "rows",
      sets,
      (set) =>
        Array.from(set, ({ values, from = 0 }) => values[0].length - from)
          .reduce((sum, count) => sum + count, 0),
    );
    return {
      start: `Training ${nameOf(model)} to forecast ${horizon} steps of ${few(targets)} from the ` +
        `last ${window}, on ${rows}.`,
      record: forecastSummary(model),
      unit: "windows",
      columns: ["loss", "MAE", "MSE"],
      cells: ({ loss, mae, mse }) => [loss, mae, mse].map((value) => figure(value, 4)),
    };
  },
  async results(backend, model, measured, on) {
    if (on === "training") {
      const line =
        "All rows were used for training, so none are left to evaluate on; --hold-out N keeps some.";
      return { lines: ["", line, ""], records: [] };
    }
    const evaluation = await evaluate(backend, model, measured);
    const views = await lastForecasts(backend, model, measured, 1);
    return {
      lines: [
        "",
        ...describeForecasts(evaluation, model.targets),
        ...views.flatMap((view) => ["", ...chartLines(view)]),
        "",
        `${SET_NAMES[on ?? "test"]}: ${evaluation.windows} ` +
        `${evaluation.windows === 1 ? "forecast" : "forecasts"}.`,
      ],
      records: [
        { type: "review", on, comparison: describeWinner(evaluation), ...evaluation },
        ...views.map((view) => ({ type: "forecast", ...view })),
      ],
    };
  },
  report: forecastReport,
  hint(path, _, { where = "" }) {
    const file = where.replace(/:\d+$/, "");
    const data = file === "" || file === INPUT ? "recent.csv" : file;
    return `deno task predict --model ${shellWord(path)} --data ${shellWord(data)}`;
  },
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples);
    return {
      lines: describeForecasts(evaluation, model.targets),
      records: [{ comparison: describeWinner(evaluation), ...evaluation }],
    };
  },
  predict: forecastPrediction,
  serve: forecastServing,
  summary: forecastSummary,
};

/** Returns a series for which to show defaults. */
function waveOf(rows: number): SeriesPart {
  const value = Float64Array.from(
    { length: rows },
    (_, t) => Math.sin(t * Math.PI / 12) + t / rows,
  );
  return { columns: ["value"], values: [value] };
}
