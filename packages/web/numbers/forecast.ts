/**
 * The tab of forecasts: what the worker reports is drawn, and what the visitor does is sent to it.
 *
 * @module
 */
import { el, fileInput, fill, say } from "../dom.ts";
import { download } from "../download.ts";
import { CopyDialog } from "../views/copy_dialog.ts";
import { icon } from "../views/icons.ts";
import { Messages } from "../views/messages.ts";
import { startWorker, WorkerClient } from "../worker_client.ts";
import { forecast as text } from "../words/forecast.ts";
import { shared } from "../words/shared.ts";
import { takeFile } from "../worker/store.ts";
import { forecastCommand } from "./forecast_command.ts";
import type {
  BuiltInName,
  ForecastEvents,
  ForecastFacts,
  ForecastRequests,
  ForecastStatus,
  FoundSeries,
  SeriesReadSettings,
} from "./forecast_protocol.ts";
import type { ReportEvents, ReportRequests } from "./report_worker.ts";
import { BacktestView, BeyondView, LossChart, ResultsView } from "./forecast_results.ts";
import { ForecastSetup } from "./forecast_setup.ts";
import { SeriesChartView } from "./series_chart.ts";
import type { Tab } from "./protocol.ts";

type Reports = WorkerClient<ReportRequests, ReportEvents>;
type Engine = WorkerClient<ForecastRequests, ForecastEvents>;
type Source = Pick<ForecastRequests["read"][0], "builtIn" | "file" | "name">;

/** The tab. */
export function forecastTab(): Tab {
  let started: Engine | undefined;
  let found: FoundSeries | undefined, source: Source = {}, asked: SeriesReadSettings = {};
  let facts: ForecastFacts | undefined;
  let status: ForecastStatus = { phase: "untrained", epoch: 0, epochs: 0 };
  let isChanged = false, isSaved = true, csv = "";

  const messages = new Messages();
  const copy = new CopyDialog();
  const chart = new SeriesChartView();
  const loss = new LossChart();
  const results = new ResultsView();
  const question = el("h2", { id: "forecast-question" }, text.questions.airline);
  const said = el("p", { class: "phase", role: "status" });
  const note = el("p", { class: "note changed", role: "status" });
  const progress = el("progress", { max: 1, value: 0, "aria-hidden": "true" });
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

  const pace = select("pace", () => engine().send("pace", { isFull: pace.value === "full" }));
  fill(
    pace,
    el("option", { value: "watch" }, text.train.paces.watch),
    el("option", { value: "full" }, text.train.paces.full),
  );

  const train = button("primary train", "train", () => act());
  const again = button("small", "again", () => startAgain());
  const stop = button("small", "stop", () => engine().send("stop", {}));
  say(again, text.train.again);
  say(stop, text.train.stop);

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
  const modelFile = fileInput(".safetensors", text.files.open, open);
  const fileButton = (name: "open" | "save" | "report" | "command", click: () => void) =>
    el("button", { type: "button", class: "small", "data-file": name, click }, text.files[name]);
  const save = fileButton("save", saveModel), report = fileButton("report", saveReport);

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
        el(
          "div",
          { class: "run", role: "group", "aria-label": text.train.name },
          train,
          again,
          stop,
          said,
          el("label", { class: "pace" }, text.train.pace, " ", pace),
          progress,
        ),
        note,
        el("div", { class: "shown" }, seriesField, columnField, rowsField),
        chart.root,
      ),
      setup.root,
      el("div", { class: "side" }, loss.root, beyond.root),
      results.root,
      backtest.root,
      el(
        "section",
        { class: "panel", "aria-labelledby": "forecast-files" },
        el("h2", { id: "forecast-files" }, text.files.title),
        el(
          "div",
          { class: "files" },
          save,
          fileButton("open", () => modelFile.click()),
          report,
          fileButton("command", showCommand),
          modelFile,
        ),
      ),
    ),
    copy.root,
  );

  function engine(): Engine {
    if (started) return started;
    const worker = startWorker("./numbers_worker.js", "forecast");
    const client: Engine = started = new WorkerClient(worker, shared.problems.worker);
    client.on("problem", ({ message }) => messages.problem(inWordsOfPage(message)));
    client.on("view", (view) => chart.show(view));
    client.on("losses", (rows) => loss.add(rows));
    client.on("results", (found) => {
      const isNone = status.phase === "done" && found === undefined;
      results.show(found, isNone ? text.results.none : text.results.empty);
    });
    client.on("progress", (of) => {
      say(said, of?.text ?? phaseText());
      backtest.showProgress(of?.text ?? "");
    });
    client.on("status", showStatus);
    return client;
  }

  function showStatus(now: ForecastStatus): void {
    const isNew = now.phase !== status.phase;
    status = now;
    const { phase, epoch, epochs } = now;
    document.documentElement.dataset.forecast = phase;
    say(said, phaseText());
    progress.value = epochs > 0 ? epoch / epochs : 0;
    if (!isNew && train.childElementCount > 0) return;
    const isRunning = phase === "running", isPaused = phase === "paused";
    const name = isRunning
      ? text.train.pause
      : isPaused
      ? text.train.go
      : phase === "untrained"
      ? text.train.start
      : text.train.again;
    fill(train, icon(isRunning ? "pause" : "play"), el("span", {}, name));
    again.hidden = !isPaused;
    stop.hidden = !isRunning && !isPaused;
    const isAsked = phase === "done" || phase === "opened" || isPaused;
    beyond.enable(isAsked);
    save.disabled = report.disabled = !isAsked;
    if (phase === "done") isSaved = false;
  }

  function phaseText(): string {
    const { phase, epoch, epochs, best, secondsLeft } = status;
    const words = text.train;
    if (phase === "running") {
      return words.running(epoch, epochs, secondsLeft === undefined ? "" : words.left(secondsLeft));
    }
    if (phase === "paused") return words.paused(epoch, epochs);
    if (phase !== "done") return words[phase];
    return best === undefined || best === epoch ? words.done(epoch) : words.best(epoch, best);
  }

  /** Trains, pauses or goes on, whatever is next. */
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

  /** Makes an untrained network for the settings; gives whether it could. */
  async function prepare(): Promise<boolean> {
    try {
      const prepared = await engine().ask("prepare", setup.settings);
      isChanged = false;
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

  /** An untrained network follows the form; one that has learned stays until the next training. */
  async function changed(): Promise<void> {
    isChanged = true;
    messages.clear();
    if (status.phase === "untrained") await prepare();
    else {
      try {
        setup.settings; // throws for what is no setting
        say(note, text.settings.changed);
      } catch (error) {
        messages.problem((error as Error).message);
      }
    }
  }

  function showFacts(prepared: ForecastFacts): void {
    facts = prepared;
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

  /** Reads data; what was there before stays where that cannot be read. */
  async function read(from: Source, settings: SeriesReadSettings = {}): Promise<void> {
    messages.clear();
    const read = await engine().send("read", { ...from, settings });
    if (!read) {
      if (found) setup.showReadingOf(found);
      return;
    }
    [found, source, asked, facts] = [read, from, settings, undefined];
    column.value = "";
    setup.show(read);
    await prepare();
  }

  /** Asks before a network is replaced that nobody has saved. */
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
    const opened = await engine().send("open", { file, name: file.name });
    if (!opened) return;
    setup.showSettings(opened.settings);
    showFacts(opened);
    isSaved = true;
    beyond.enable(true, opened.settings.horizon);
    messages.inform(text.files.opened(file.name));
  }

  async function saveModel(): Promise<void> {
    const bytes = await engine().send("save", {});
    if (!bytes) return;
    const name = text.files.modelName;
    download(new Blob([bytes]), name);
    isSaved = true;
    messages.inform(text.files.saved(name, found!.name));
  }

  async function saveReport(): Promise<void> {
    const data = await engine().send("report", {});
    if (!data) return;
    const worker = startWorker("./numbers_report.js");
    const reports: Reports = new WorkerClient(worker, shared.problems.worker);
    reports.on("problem", ({ message }) => messages.problem(message));
    const html = await reports.send("html", data);
    worker.terminate();
    if (html) download(new Blob([html], { type: "text/html" }), text.files.reportName);
  }

  function showCommand(): void {
    if (!found) return;
    try {
      const command = forecastCommand(setup.settings, found, asked);
      const note = found.builtIn === "airline" ? text.files.notHere(found.name) : undefined;
      copy.show(text.files.commandTitle, { text: command, note });
    } catch (error) {
      messages.problem((error as Error).message);
    }
  }

  return {
    root,
    async show() {
      if (found) return;
      const file = await takeFile().catch(() => undefined); // a private window has none
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

function button(look: string, act: string, click: () => void): HTMLButtonElement {
  return el("button", { type: "button", class: look, "data-act": act, click });
}

/** A message that names flags of the command line, with the fields of the page in their place. */
function inWordsOfPage(message: string): string {
  return message.replaceAll(/--[a-z-]+/g, (flag) => text.problems.flags[flag] ?? flag);
}
