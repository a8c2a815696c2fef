/**
 * The state of the forecast worker: the series, a network with its training, and what the page has
 * asked to see.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { knownRows, predict, readModel, shapesOf, withFilledEnds, writeModel } from "@unroll/core";
import { forecastRows, forecastText } from "../../cli/output/forecast_rows.ts";
import { type FigureTable, reportData } from "../../cli/output/report_data.ts";
import { forecastReport } from "../../cli/tasks/forecast_report.ts";
import type { Report } from "../messages.ts";
import { forecastWorker as words } from "../words/forecast_worker.ts";
import { backtestOf, resultsOf } from "./forecast_measures.ts";
import { forecasterOf, type Planned, planOf, settingsOf } from "./forecast_plan.ts";
import type {
  ForecastEvents,
  ForecastFacts,
  ForecastRequests,
  ForecastSettings,
  ViewSettings,
} from "./forecast_protocol.ts";
import { readBuiltIn, type ReadFile, readSeriesFile } from "./forecast_read.ts";
import { BUILT_IN } from "./forecast_sets.ts";
import { ForecastRun } from "./forecast_run.ts";
import { forecastHeldOut, type PlacedForecast, viewSeries } from "./forecast_views.ts";

/** The session. */
export class ForecastSession {
  readonly #backend = createCpuBackend({ threads: Math.max(1, navigator.hardwareConcurrency - 1) });
  /** The training. */
  readonly run: ForecastRun;
  #file: ReadFile | undefined;
  #plan: Planned | undefined;
  #view: ViewSettings | undefined;
  #tables: FigureTable[] = [];
  #heldOut: PlacedForecast[] = [];
  #beyond: PlacedForecast[] = [];
  #isStopping = false;
  /** Whether a backtest is running, which can be stopped. */
  isMeasuring = false;

  constructor(readonly report: Report<ForecastEvents>) {
    this.run = new ForecastRun({
      backend: this.#backend,
      report,
      draw: () => this.draw(),
      measure: () => this.#measure(),
    });
  }

  /** Reads a file. */
  async read(
    { builtIn, file, name = "", settings = {} }: ForecastRequests["read"][0],
  ): Promise<ForecastRequests["read"][1]> {
    try {
      const read = builtIn ? await readBuiltIn(BUILT_IN[builtIn]) : await readSeriesFile(
        file!,
        name,
        settings,
        (text) => this.report("progress", { text }),
      );
      await this.run.end();
      this.#plan = this.#view = undefined;
      this.#file = { ...read, found: { ...read.found, builtIn } };
      return this.#file.found;
    } finally {
      this.report("progress", undefined);
    }
  }

  /** Creates an untrained network. */
  async prepare(settings: ForecastSettings): Promise<ForecastFacts> {
    const plan = planOf(this.#requireFile(), settings);
    await this.run.end();
    await this.#begin(plan, "untrained");
    return factsOf(plan);
  }

  async #begin(plan: Planned, phase: "untrained" | "opened"): Promise<void> {
    this.#plan = plan;
    this.#heldOut = [];
    this.#beyond = [];
    this.#tables = [];
    this.run.reset(plan, phase);
    if (phase === "opened") await this.#measure();
    await this.draw();
  }

  #requireFile(): ReadFile {
    if (!this.#file) throw new Error(words.problems.noData);
    return this.#file;
  }

  #requirePlan(): Planned {
    if (!this.#plan) throw new Error(words.problems.noData);
    return this.#plan;
  }

  /** Draws this part from now on. */
  async show(view: ViewSettings): Promise<void> {
    if (this.#view?.series !== view.series) this.#heldOut = this.#beyond = [];
    this.#view = view;
    await this.draw();
  }

  /** Ends the training, or the backtest, and keeps what was learned so far. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.run.isUnderWay && !this.isMeasuring) await this.run.finish();
  }

  /** Draws what the page shows, with the forecasts of the network as it is now. */
  async draw(): Promise<void> {
    const view = this.#view, plan = this.#plan;
    if (!view || !plan?.model.targets.includes(view.target)) return;
    const series = plan.series[view.series], border = plan.borderOf(series);
    if (border !== undefined) {
      this.#heldOut = await forecastHeldOut(this.#backend, plan.model, series, border);
    }
    const { horizon } = plan.model, form = this.#file!.reading.time?.form;
    const forecasts = [...this.#heldOut, ...this.#beyond];
    const drawn = viewSeries(series, forecasts, border, view, { horizon, form });
    this.report("view", drawn);
  }

  async #measure(): Promise<void> {
    const plan = this.#requirePlan();
    this.report("results", await resultsOf(this.#backend, plan));
  }

  /** Trains on growing initial parts of the data, and tests on the rows after each. */
  async backtest(folds: number): Promise<ForecastRequests["backtest"][1]> {
    const file = this.#requireFile(), plan = this.#requirePlan();
    this.#isStopping = false;
    this.isMeasuring = true;
    try {
      const found = await backtestOf(this.#backend, file, plan, folds, (text) => {
        if (this.#isStopping) throw new Error(words.backtest.stopped);
        this.report("progress", { text });
      });
      this.#tables = [found];
      return found;
    } finally {
      this.isMeasuring = false;
      this.report("progress", undefined);
    }
  }

  /** Forecasts the rows after the data. */
  async forecast(horizon: number): Promise<ForecastRequests["forecast"][1]> {
    const { model } = this.#requirePlan();
    const { series, reading } = this.#requireFile();
    const own = series.map((each) => withFilledEnds(each, model.targets));
    const forecasts = await predict(this.#backend, model, own, { horizon });
    const starts = own.map((each) => knownRows(each, model.targets));
    const rows = forecasts.flatMap((each, i) => forecastRows(each, starts[i], reading));
    const at = this.#view?.series ?? 0;
    this.#beyond = [{ origin: starts[at], forecast: forecasts[at] }];
    await this.draw();
    const csv = forecastText(rows, { format: "csv" });
    const note = horizon > model.horizon ? words.beyond.far(model.horizon) : undefined;
    return { csv, rows: rows.length, note };
  }

  /** Returns the model's file. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#requirePlan().model);
  }

  /** Opens a model from a file, for the current series. */
  async open(file: Blob, name: string): Promise<ForecastRequests["open"][1]> {
    const read = this.#requireFile(), model = forecasterOf(await readModel(file, name), name, read);
    const settings = settingsOf(model, read, this.#plan?.settings);
    const plan = planOf(read, settings, undefined, model);
    await this.run.end();
    this.report("opened", { ...factsOf(plan), settings });
    await this.#begin(plan, "opened");
    return true;
  }

  /** Returns the data of the report on the training. */
  async page(): Promise<ForecastRequests["report"][1]> {
    const { model, test, examples } = this.#requirePlan();
    const measured = test.length > 0 ? test : examples;
    const parts = await forecastReport(this.#backend, model, measured);
    const all = { ...parts, tables: [...parts.tables ?? [], ...this.#tables] };
    return reportData(model, this.#requireFile().found.name, this.run.log, all);
  }

  /** Returns the built-in series as a file. */
  dataFile(): ForecastRequests["dataFile"][1] {
    const { builtIn } = this.#requireFile().found;
    if (!builtIn) throw new Error(words.problems.noData);
    const { file, csv } = BUILT_IN[builtIn];
    return { name: file, csv };
  }
}

function factsOf({ model, training, notes }: Planned): ForecastFacts {
  const { targets, window, segment, season, log, config } = model;
  return {
    ...{ targets, window, segment, season, log, hidden: config.hidden },
    parameters: Object.values(shapesOf(model)).reduce((sum, [m, n]) => sum + m * n, 0),
    epochs: training.epochs!,
    notes,
  };
}
