/**
 * A chart in its place: drawn anew when there is more or when its size changes, and to be saved.
 *
 * @module
 */
import { onTheme } from "../colours.ts";
import { atFrame, el, say, svg } from "../dom.ts";
import { download } from "../download.ts";
import { training } from "../words/training.ts";
import { type ChartData, drawChart } from "./chart.ts";

const KEPT = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-size",
  "font-family",
  "text-anchor",
  "stroke-linejoin",
];

/** A chart with a heading. */
export class ChartBox {
  readonly root: HTMLElement;
  #data: ChartData | undefined;
  #size = { width: 0, height: 0 };
  readonly #heading = el("h3");
  readonly #empty = el("p", { class: "empty" });
  readonly #chart = svg("svg", { class: "chart" });
  readonly #save: HTMLButtonElement;
  readonly #frame = atFrame();

  constructor(title: string, empty: string) {
    say(this.#heading, title);
    say(this.#empty, empty);
    this.#save = el("button", {
      type: "button",
      class: "link",
      hidden: true,
      "aria-label": training.learning.download(title),
      title: training.learning.download(title),
      click: () => this.#download(),
    }, training.learning.save);
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

  /** Shows these lines; none where there is nothing to show. */
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

  /** The chart as a file of its own, with the styles that it has on the page. */
  #download(): void {
    const copy = this.#chart.cloneNode(true) as SVGSVGElement;
    const { width, height } = this.#size;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width.toFixed(0));
    copy.setAttribute("height", height.toFixed(0));
    const here = this.#chart.querySelectorAll("*");
    for (const [i, element] of [...copy.querySelectorAll("*")].entries()) {
      const style = getComputedStyle(here[i]);
      for (const name of KEPT) {
        const value = style.getPropertyValue(name);
        if (value) element.setAttribute(name, value);
      }
    }
    const paper = getComputedStyle(document.body).backgroundColor;
    copy.prepend(
      svg("title", {}, this.#data!.title),
      svg("rect", { width: "100%", height: "100%", fill: paper }),
    );
    const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
    download(file, `${this.#data!.title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}.svg`);
  }
}
