/**
 * The forecast tab: draws what the worker reports, and sends the worker what the visitor does.
 *
 * @module
 */
import { el, fill, say } from "../dom.ts";
import { download } from "../download.ts";
import { Messages } from "../views/messages.ts";
import { startWorker, WorkerClient } from "../worker_client.ts";
import { forecast as text } from "../words/forecast.ts";
import { shared } from "../words/shared.ts";
import { takeFile } from "../worker/store.ts";
import { forecastCommand } from "./forecast_command.ts";
import { ForecastFiles } from "./forecast_files.ts";
import type {
  BuiltInName,
  ForecastEvents,
  ForecastFacts,
  ForecastRequests,
  ForecastStatus,
  FoundSeries,
  SeriesReadSettings,
} from "./forecast_protocol.ts";
import { BacktestView, BeyondView, LossChart, ResultsView } from "./forecast_results.ts";
import { ForecastSetup } from "./forecast_setup.ts";
import { RunBar } from "./run_bar.ts";
import { SeriesChartView } from "./series_chart.ts";
import type { Tab } from "./protocol.ts";

type Engine = WorkerClient<ForecastRequests, ForecastEvents>;
type Source = Pick<ForecastRequests["read"][0], "builtIn" | "file" | "name">;

/** Creates the tab. */
export function forecastTab(): Tab {
  let started: Engine | undefined;
  let found: FoundSeries | undefined, source: Source = {}, asked: SeriesReadSettings = {};
  let facts: ForecastFacts | undefined;
  let status: ForecastStatus = { phase: "untrained", epoch: 0, share: 0, epochs: 0 };
  let isChanged = false, isSaved = true, csv = "", changes = 0;

  const messages = new Messages();
  const chart = new SeriesChartView();
  const loss = new LossChart();
  const results = new ResultsView();
  const question = el("h2", { id: "forecast-question" }, text.questions.airline);
  const note = el("p", { class: "note changed", role: "status" });
  const select = (name: string, change: () => void) => el("select", { name, change });
  const column = select("column", () => show());
  const series = select("series-shown", () => show());
  const rows = select("rows", () => show());
  fill(
    rows,
    el("option", { value: "recent" }, text.chart.recent),
    el("option", { value: "all" }, text.chart.all),
  );
  const columnField = el("label", {}, text.chart.column, " ", column);
  const seriesField = el("label", {}, text.chart.series, " ", series);
  const rowsField = el("label", {}, text.chart.rows, " ", rows);
  for (const field of [columnField, seriesField, rowsField]) field.hidden = true;

  const bar = new RunBar({
    act: () => act(),
    again: () => startAgain(),
    stop: () => engine().send("stop", {}),
    pace: (isFull) => engine().send("pace", { isFull }),
  });

  const setup = new ForecastSetup({
    choose: (builtIn) => leave(() => read({ builtIn })),
    file: (file) => leave(() => read({ file, name: file.name })),
    read: (settings) => leave(() => read(source, settings)),
    change: () => changed(),
    async download() {
      const data = await engine().send("dataFile", {});
      if (data) download(new Blob([data.csv], { type: "text/csv" }), data.name);
    },
  });
  const backtest = new BacktestView({
    run: (folds) => engine().send("backtest", { folds }),
    stop: () => engine().send("stop", {}),
  });
  const beyond = new BeyondView({
    async run(horizon) {
      const forecast = await engine().send("forecast", { horizon });
      if (!forecast) return;
      csv = forecast.csv;
      const { done } = text.beyond;
      beyond.show([done(forecast.rows), forecast.note].filter(Boolean).join(" "));
    },
    download: () => download(new Blob([csv], { type: "text/csv" }), text.beyond.file),
  });
  const files: ForecastFiles = new ForecastFiles({
    engine: () => engine(),
    open,
    saved(name) {
      isSaved = true;
      messages.inform(text.files.saved(name, found!.name));
    },
    command: () => ({
      text: forecastCommand(setup.settings, found!, asked),
      note: found!.builtIn === "airline" ? text.files.notHere(found!.name) : undefined,
    }),
    problem: (message) => messages.problem(message),
  });

  const root = el(
    "section",
    { class: "forecast" },
    messages.root,
    el(
      "div",
      { class: "bench" },
      el(
        "section",
        { class: "series", "aria-labelledby": "forecast-question" },
        question,
        el("p", { class: "lede" }, text.lede),
        bar.root,
        note,
        el("div", { class: "shown" }, seriesField, columnField, rowsField),
        chart.root,
      ),
      setup.root,
      el("div", { class: "side" }, loss.root, beyond.root),
      results.root,
      backtest.root,
      files.root,
    ),
    files.dialog,
  );

  function engine(): Engine {
    if (started) return started;
    const worker = startWorker("./forecast_worker.js");
    const client: Engine = started = new WorkerClient(worker, shared.problems.worker);
    client.on("problem", ({ message }) => messages.problem(inWordsOfPage(message)));
    client.on("view", (view) => chart.show(view));
    client.on("losses", (rows) => loss.add(rows));
    client.on("results", (found) => {
      const isNone = status.phase === "done" && found === undefined;
      results.show(found, isNone ? text.results.none : text.results.empty);
    });
    client.on("progress", (of) => {
      bar.say(of?.text);
      backtest.showProgress(of?.text ?? "");
    });
    client.on("opened", (opened) => {
      setup.showSettings(opened.settings);
      showFacts(opened);
      isSaved = true;
      beyond.enable(false, opened.settings.horizon); // until the model is opened
    });
    client.on("status", showStatus);
    return client;
  }

  function showStatus(now: ForecastStatus): void {
    status = now;
    const { phase } = now;
    document.documentElement.dataset.forecast = phase;
    bar.show(now);
    const isAsked = phase === "done" || phase === "opened" || phase === "paused";
    beyond.enable(isAsked);
    files.enable(isAsked);
    if (phase === "done") isSaved = false;
  }

  /** Trains, pauses or continues, depending on the phase. */
  async function act(): Promise<void> {
    messages.clear();
    if (status.phase === "running") await engine().send("pause", {});
    else if (status.phase === "paused") await engine().send("train", {});
    else if (status.phase === "untrained" && !isChanged) await engine().send("train", {});
    else await startAgain();
  }

  async function startAgain(): Promise<void> {
    messages.clear();
    if (await prepare()) await engine().send("train", {});
  }

  /** Creates an untrained network for the settings; returns whether it succeeded. */
  async function prepare(): Promise<boolean> {
    const before = changes;
    try {
      const prepared = await engine().ask("prepare", setup.settings);
      isChanged = changes !== before; // since the request
      isSaved = true;
      say(note, "");
      showFacts(prepared);
      beyond.enable(false, setup.settings.horizon);
      return true;
    } catch (error) {
      messages.problem(inWordsOfPage((error as Error).message));
      return false;
    }
  }

  /** An untrained network follows the form; a trained one stays until the next training. */
  async function changed(): Promise<void> {
    isChanged = true;
    changes++;
    messages.clear();
    if (status.phase === "untrained") await prepare();
    else {
      try {
        setup.settings; // throws if a setting is invalid
        say(note, text.settings.changed);
      } catch (error) {
        messages.problem((error as Error).message);
      }
    }
  }

  function showFacts(prepared: ForecastFacts): void {
    facts = prepared;
    bar.enable();
    setup.showFacts(prepared);
    backtest.reset();
    beyond.show();
    const { targets } = prepared, { builtIn, names, rows: count } = found!;
    const before = column.value;
    fill(column, ...targets.map((name) => el("option", { selected: name === before }, name)));
    fill(series, ...names.map((name, i) => el("option", { value: i }, name)));
    columnField.hidden = targets.length < 2;
    seriesField.hidden = names.length < 2;
    rowsField.hidden = count <= 400;
    say(question, builtIn ? text.questions[builtIn] : text.questions.own(targets));
    show();
  }

  function show(): void {
    if (!facts) return;
    const target = column.value || facts.targets[0];
    const isWhole = rows.value === "all";
    engine().send("view", { series: Number(series.value) || 0, target, isWhole });
  }

  /** Reads data; if it cannot be read, the previous data stays. */
  async function read(from: Source, settings: SeriesReadSettings = {}): Promise<void> {
    messages.clear();
    const read = await engine().send("read", { ...from, settings });
    if (!read) {
      if (found) setup.showReadingOf(found);
      return;
    }
    const isSame = from === source;
    [found, source, asked, facts] = [read, from, settings, undefined];
    column.value = "";
    setup.show(read, isSame);
    await prepare();
  }

  /** Asks before an unsaved network is replaced. */
  function leave(go: () => void): void {
    messages.withdraw();
    if (isSaved && status.phase !== "running" && status.phase !== "paused") return go();
    if (found) setup.showReadingOf(found);
    messages.ask(text.data.leave(found?.name ?? ""), [
      { name: text.data.keep, act: () => {}, isFirst: true },
      { name: text.data.replace, act: go },
    ]);
  }

  async function open(file: File): Promise<void> {
    messages.clear();
    const isOpened = await engine().send("open", { file, name: file.name });
    if (isOpened) messages.inform(text.files.opened(file.name));
  }

  return {
    root,
    async show() {
      if (found) return;
      const file = await takeFile().catch(() => undefined); // there is none in a private window
      const first: BuiltInName = "airline";
      await read(file ? { file: file.source, name: file.name } : { builtIn: first });
      if (file && !found) await read({ builtIn: first });
    },
    drop([file]) {
      if (/\.safetensors$/i.test(file.name)) open(file);
      else leave(() => read({ file, name: file.name }));
    },
  };
}

/** Replaces the command line's flags in a message by the names of the page's fields. */
function inWordsOfPage(message: string): string {
  return message.replaceAll(/--[a-z-]+/g, (flag) => text.problems.flags[flag] ?? flag);
}
