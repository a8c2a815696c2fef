/**
 * The curves of learning.
 *
 * @module
 */
import { atFrame, el } from "../dom.ts";
import type { EpochRow } from "../protocol.ts";
import { figure, percent, words } from "../words.ts";
import type { Line } from "./chart.ts";
import { ChartBox } from "./chart_box.ts";

const text = words.learning;
const SERIES = ["train", "validation", "test"] as const;

/** The curves. */
export class Learning {
  readonly root: HTMLElement;
  rows: EpochRow[] = [];
  readonly #frame = atFrame();
  readonly #loss = new ChartBox(text.loss, "");
  readonly #accuracy = new ChartBox(text.accuracy, "");

  constructor() {
    this.root = el(
      "section",
      { class: "learning", "aria-labelledby": "learning" },
      el("h2", { id: "learning" }, text.title),
      this.#loss.root,
      this.#accuracy.root,
    );
    this.#draw();
  }

  /** More epochs; with `isReset`, these alone. */
  add({ rows, isReset }: { rows: EpochRow[]; isReset: boolean }): void {
    this.rows = isReset ? rows : [...this.rows, ...rows];
    this.#frame(() => this.#draw());
  }

  #draw(): void {
    const { rows } = this;
    const lines = (of: "Loss" | "Accuracy"): Line[] =>
      SERIES.map((name) => ({
        name: text.series[name],
        look: name,
        points: rows.flatMap((row) => {
          const value = row[`${name}${of}`];
          return value === undefined ? [] : [[row.epoch, value] as const];
        }),
      })).filter(({ points }) => points.length > 0);
    const chart = (of: "Loss" | "Accuracy", show: (value: number) => string) => {
      const drawn = lines(of);
      const title = of === "Loss" ? text.loss : text.accuracy;
      const ends = drawn.map(({ name, points }) => `${name} ${show(points.at(-1)![1])}`);
      return {
        title,
        axisX: text.epochAxis,
        axisY: of === "Loss" ? text.lossAxis : "",
        lines: drawn,
        top: of === "Loss" ? undefined : 1,
        summary: rows.length > 0 ? text.summary(title, ends) : text.none,
        show,
      };
    };
    this.#loss.show(chart("Loss", (value) => figure(value, 3)));
    this.#accuracy.show(chart("Accuracy", percent));
  }
}
