/**
 * The learning curves.
 *
 * @module
 */
import { atFrame, el } from "../dom.ts";
import type { EpochRow } from "../run_protocol.ts";
import { figure, percent, words } from "../words.ts";
import type { Line } from "./chart.ts";
import { ChartBox } from "./chart_box.ts";

const text = words.learning;
const SERIES = ["train", "validation", "test"] as const;

/** The curves of a kept run, and the names of the two runs. */
export interface KeptCurves {
  rows: EpochRow[];
  name: string;
  now: string;
}

/** The learning curves. */
export class Learning {
  readonly root: HTMLElement;
  /** The element below the title. */
  readonly head = el("div");
  rows: EpochRow[] = [];
  #kept: KeptCurves | undefined;
  readonly #frame = atFrame();
  readonly #loss = new ChartBox(text.loss, "");
  readonly #accuracy = new ChartBox(text.accuracy, "");

  constructor() {
    this.root = el(
      "section",
      { class: "learning", "aria-labelledby": "learning" },
      el("h2", { id: "learning" }, text.title),
      this.head,
      this.#loss.root,
      this.#accuracy.root,
    );
    this.#draw();
  }

  /** Adds epochs; with `isReset`, drops the earlier ones. */
  add({ rows, isReset }: { rows: EpochRow[]; isReset: boolean }): void {
    this.rows = isReset ? rows : [...this.rows, ...rows];
    this.#frame(() => this.#draw());
  }

  /** Draws the curves of a kept run next to the current ones; undefined removes them. */
  compare(kept: KeptCurves | undefined): void {
    this.#kept = kept;
    this.#frame(() => this.#draw());
  }

  #draw(): void {
    const { rows } = this, kept = this.#kept;
    const lines = (of: "Loss" | "Accuracy"): Line[] => [
      ...linesOf(kept?.rows ?? [], of, kept?.name ?? "", " kept"),
      ...linesOf(rows, of, kept?.now ?? "", ""),
    ];
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
        summary: drawn.length > 0 ? text.summary(title, ends) : text.none,
        show,
      };
    };
    this.#loss.show(chart("Loss", (value) => figure(value, 3)));
    this.#accuracy.show(chart("Accuracy", percent));
  }
}

function linesOf(
  rows: EpochRow[],
  of: "Loss" | "Accuracy",
  run: string,
  look: string,
): Line[] {
  return SERIES.map((name) => ({
    name: `${run} ${text.series[name]}`.trim(),
    look: name + look,
    points: rows.flatMap((row) => {
      const value = row[`${name}${of}`];
      return value === undefined ? [] : [[row.epoch, value] as const];
    }),
  })).filter(({ points }) => points.length > 0);
}
