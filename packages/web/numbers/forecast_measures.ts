/**
 * The quality of forecasts: on the held-out rows, and in a backtest.
 *
 * @module
 */
import {
  type Backend,
  evaluate,
  type ForecastEvaluation,
  rollingFolds,
  type SeriesPart,
} from "@unroll/core";
import {
  backtestRows,
  describeBand,
  describeBlend,
  describeWinner,
  scoreRows,
  targetRows,
} from "../../cli/output/forecast_scores.ts";
import type { FigureTable } from "../../cli/output/report_data.ts";
import { forecastWorker as words } from "../words/forecast_worker.ts";
import { type Planned, planOf } from "./forecast_plan.ts";
import type { ForecastResults } from "./forecast_protocol.ts";
import type { ReadFile } from "./forecast_read.ts";
import { trainForecaster } from "./forecast_training.ts";

/** Returns the results on the held-out rows; undefined if there are none. */
export async function resultsOf(
  backend: Backend,
  { model, test }: Planned,
): Promise<ForecastResults | undefined> {
  if (test.length === 0) return undefined;
  const found = await evaluate(backend, model, test), { targets } = model;
  return {
    lines: [
      describeWinner(found),
      ...describeBand(found),
      ...(model.blend ? [describeBlend(model.blend)] : []),
    ],
    isBeaten: found.best !== found.methods[0].name,
    table: scoreRows(found),
    ...(targets.length > 1 && { targets: targetRows(found, targets) }),
    steps: found.steps,
    windows: found.windows,
  };
}

/** Trains on growing initial parts of the data, each tested on the next rows. Throws as `report`. */
export async function backtestOf(
  backend: Backend,
  file: ReadFile,
  { settings, series }: Planned,
  folds: number,
  report: (text: string) => void,
): Promise<FigureTable> {
  const rows = settings.holdOut || settings.horizon;
  const parts = series.map((each) => rollingFolds(each, folds, rows));
  const found: ForecastEvaluation[] = [];
  for (let k = 0; k < folds; k++) {
    const learned: SeriesPart[] = parts.map((each) => each[k].train);
    const plan = planOf(file, settings, learned);
    for await (const _ of trainForecaster(backend, plan)) {
      report(words.backtest.fold(k + 1, folds));
      await new Promise((done) => setTimeout(done)); // so that it can be stopped
    }
    found.push(await evaluate(backend, plan.model, parts.map((each) => each[k].test)));
  }
  const [head, ...body] = backtestRows(found);
  const { title, about } = words.backtest;
  return { title, about: about(folds, rows), head, rows: body };
}
