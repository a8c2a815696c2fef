/**
 * A chart with its heading and buttons to save it, redrawn when its data or its size changes.
 *
 * @module
 */
import { onTheme } from "../colors.ts";
import { atFrame, el, say, svg } from "../dom.ts";
import { type ChartData, drawChart } from "./chart.ts";
import { saveButtons } from "./save_buttons.ts";

/** A chart with a heading. */
export class ChartBox {
  readonly root: HTMLElement;
  #data: ChartData | undefined;
  #size = { width: 0, height: 0 };
  readonly #heading = el("h3");
  readonly #empty = el("p", { class: "empty" });
  readonly #chart = svg("svg", { class: "chart" });
  readonly #save: HTMLElement;
  readonly #frame = atFrame();

  constructor(title: string, empty: string) {
    say(this.#heading, title);
    say(this.#empty, empty);
    this.#save = saveButtons(title, () => [this.#chart], () => this.#data);
    this.#save.hidden = true;
    this.root = el(
      "figure",
      { class: "chart-box" },
      el("div", { class: "head" }, this.#heading, this.#save),
      this.#empty,
      this.#chart,
    );
    new ResizeObserver(([{ contentRect }]) => {
      this.#size = contentRect;
      this.#draw();
    }).observe(this.#chart);
    onTheme(() => this.#draw());
  }

  /** Shows a chart; undefined if there is no data. */
  show(data: ChartData | undefined): void {
    this.#data = data;
    this.#empty.hidden = data !== undefined;
    this.#save.hidden = data === undefined;
    this.#chart.toggleAttribute("hidden", data === undefined);
    this.#draw();
  }

  #draw(): void {
    this.#frame(() => {
      if (this.#data) drawChart(this.#chart, this.#data, this.#size);
    });
  }
}
