/**
 * The quality of the forecasts, a backtest, and the forecast after the end of the data.
 *
 * @module
 */
import { el, fill, say } from "../dom.ts";
import { ChartBox } from "../views/chart_box.ts";
import { figure } from "../words/numbers.ts";
import { forecast as words } from "../words/forecast.ts";
import type { ForecastResults, LossRow } from "./forecast_protocol.ts";

/** Creates a table with a head; the first cell of each row names it. */
export function figuresTable(head: readonly string[], rows: readonly string[][]): HTMLElement {
  const table = el(
    "table",
    { class: "figures" },
    el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
    el(
      "tbody",
      {},
      ...rows.map(([name, ...cells]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, name),
          ...cells.map((cell) => el("td", {}, cell)),
        )
      ),
    ),
  );
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": rows[0]?.[0] },
    table,
  );
}

/** The loss curves. */
export class LossChart {
  readonly #box = new ChartBox(words.loss.title, words.loss.empty);
  readonly root = this.#box.root;
  #rows: LossRow[] = [];

  /** Adds epochs; with `isReset`, drops the earlier ones. */
  add({ rows, isReset }: { rows: LossRow[]; isReset: boolean }): void {
    this.#rows = isReset ? rows : [...this.#rows, ...rows];
    if (this.#rows.length === 0) return this.#box.show(undefined);
    const looks = { train: "train", validation: "validation", heldOut: "test" } as const;
    const lines = (Object.keys(looks) as (keyof typeof looks)[]).map((name) => ({
      name: words.loss.names[name],
      look: looks[name],
      points: this.#rows.flatMap((row) => {
        const value = row[name];
        return value === undefined ? [] : [[row.epoch, value] as const];
      }),
    })).filter(({ points }) => points.length > 0);
    const ends = lines.map(({ name, points }) => `${name} ${figure(points.at(-1)![1], 3)}`);
    this.#box.show({
      title: words.loss.title,
      axisX: words.loss.epoch,
      axisY: words.loss.axis,
      lines,
      summary: words.loss.summary(ends),
    });
  }
}

/** The results on the held-out rows. */
export class ResultsView {
  readonly root: HTMLElement;
  readonly #place = el("div", { class: "results-body", role: "status" });
  readonly #steps = new ChartBox(words.results.steps, "");

  constructor() {
    this.root = el(
      "section",
      { class: "panel results-panel", "aria-labelledby": "forecast-results" },
      el("h2", { id: "forecast-results" }, words.results.title),
      this.#place,
      this.#steps.root,
    );
    this.show(undefined, words.results.empty);
  }

  /** Shows results, or why there are none. */
  show(results: ForecastResults | undefined, empty = ""): void {
    this.#steps.root.hidden = results === undefined || results.steps.length < 2;
    if (!results) return fill(this.#place, el("p", { class: "empty" }, empty));
    const { lines: [winner, ...lines], isBeaten, table: [head, ...rows], targets, steps } = results;
    fill(
      this.#place,
      el("p", { class: isBeaten ? "winner beaten" : "winner" }, winner),
      ...lines.map((line) => el("p", {}, line)),
      figuresTable(head, rows),
      targets && el("h3", {}, words.results.columns),
      targets && figuresTable(targets[0], targets.slice(1)),
      el("p", { class: "note" }, words.results.windows(results.windows)),
    );
    const text = words.results;
    this.#steps.show({
      title: text.steps,
      axisX: text.stepAxis,
      axisY: text.stepsAxis,
      lines: [{
        name: text.stepsName,
        look: "test",
        points: steps.map((error, i) => [i + 1, error] as const),
      }],
      summary: text.stepsSummary(
        figure(steps[0], 3),
        figure(steps.at(-1)!, 3),
        steps.length,
      ),
    });
  }
}

/** What the backtest's buttons ask the page to do. */
export interface BacktestActions {
  run(folds: number): Promise<{ head: string[]; rows: string[][] } | undefined>;
  stop(): void;
}

/** The backtest. */
export class BacktestView {
  readonly root: HTMLElement;
  readonly #place = el("div", { role: "status" });
  readonly #progress = el("p", { class: "note", role: "status" });
  readonly #run: HTMLButtonElement;
  #isRunning = false;

  constructor(actions: BacktestActions) {
    const text = words.backtest;
    const folds = el("input", {
      type: "number",
      min: 2,
      max: 20,
      step: 1,
      value: 3,
      name: "folds",
    });
    this.#run = el("button", {
      type: "button",
      class: "small",
      "data-act": "backtest",
      click: async () => {
        if (this.#isRunning) return actions.stop();
        this.#setRunning(true);
        const found = await actions.run(Math.max(2, Math.round(Number(folds.value)) || 3));
        this.#setRunning(false);
        if (found) fill(this.#place, figuresTable(found.head, found.rows));
      },
    }, text.run);
    this.root = el(
      "section",
      { class: "panel", "aria-labelledby": "forecast-backtest" },
      el("h2", { id: "forecast-backtest" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("p", { class: "row-of" }, el("label", {}, text.folds, " ", folds), this.#run),
      this.#progress,
      this.#place,
    );
  }

  #setRunning(isRunning: boolean): void {
    this.#isRunning = isRunning;
    say(this.#run, isRunning ? words.backtest.stop : words.backtest.run);
  }

  /** Clears the results, which belong to another network. */
  reset(): void {
    fill(this.#place);
  }

  /** Shows the progress. */
  showProgress(progress: string): void {
    say(this.#progress, this.#isRunning ? progress : "");
  }
}

/** The forecast after the end of the data. */
export class BeyondView {
  readonly root: HTMLElement;
  readonly #steps = el("input", { type: "number", min: 1, step: 1, name: "beyond", value: 12 });
  readonly #said = el("p", { class: "note", role: "status" });
  readonly #run: HTMLButtonElement;
  readonly #download: HTMLButtonElement;

  constructor(actions: { run(steps: number): void; download(): void }) {
    const text = words.beyond;
    this.#run = el("button", {
      type: "button",
      class: "primary",
      "data-act": "beyond",
      click: () => actions.run(Math.max(1, Math.round(Number(this.#steps.value)) || 1)),
    }, text.run);
    this.enable(false);
    this.#download = el("button", {
      type: "button",
      class: "small",
      hidden: true,
      "data-file": "forecast",
      click: () => actions.download(),
    }, text.download);
    this.root = el(
      "section",
      { class: "panel", "aria-labelledby": "forecast-beyond" },
      el("h2", { id: "forecast-beyond" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el(
        "p",
        { class: "row-of" },
        el("label", {}, text.steps, " ", this.#steps),
        this.#run,
        this.#download,
      ),
      this.#said,
    );
  }

  /** Enables the button if there is a network to ask. */
  enable(isEnabled: boolean, horizon?: number): void {
    this.#run.disabled = !isEnabled;
    if (horizon !== undefined) this.#steps.value = String(horizon);
  }

  /** Describes the forecast; without a text, clears the description. */
  show(said?: string): void {
    say(this.#said, said ?? "");
    this.#download.hidden = said === undefined;
  }
}
