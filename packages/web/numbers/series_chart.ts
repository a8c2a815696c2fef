/**
 * The chart of a series: the measured and the held-out values, the forecast and its band, with the
 * numbers at the pointer, at a slider for the keyboard, and in a table.
 *
 * @module
 */
import { atFrame, el, fill, freshId, say, svg } from "../dom.ts";
import { forecast as words } from "../words/forecast.ts";
import type { SeriesView } from "./forecast_protocol.ts";
import { LETTER, points, runsOf, scaleOf, timeTicks, written } from "./series_scale.ts";

const text = words.chart;
const TOP = 22, BOTTOM = 26, RIGHT = 14; // pixels
const MOST_ROWS = 500; // of the table

/** The chart. */
export class SeriesChartView {
  readonly root: HTMLElement;
  #view: SeriesView | undefined;
  #size = { width: 0, height: 0 };
  #at: number | undefined; // the row that the visitor points at
  #placeOf = (_row: number) => 0;
  readonly #chart = svg("svg", { class: "chart series-chart", role: "img" });
  readonly #cursor = svg("g", { class: "cursor", "aria-hidden": "true" });
  readonly #legend = el("ul", { class: "legend" });
  readonly #scrub: HTMLInputElement;
  readonly #readout = el("p", { class: "note readout" }, text.point);
  readonly #table = el("table");
  readonly #details: HTMLDetailsElement;
  readonly #frame = atFrame();
  #valueAt = (_value: number) => 0;

  constructor() {
    const id = freshId();
    this.#scrub = el("input", {
      type: "range",
      id,
      min: 0,
      max: 0,
      class: "scrub",
      "aria-label": text.scrub,
      input: () => this.#point(Number(this.#scrub.value)),
    });
    this.#details = el(
      "details",
      { class: "numbers-table", toggle: () => this.#fillTable() },
      el("summary", {}, text.table),
      el(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": text.table },
        this.#table,
      ),
    );
    this.root = el(
      "figure",
      { class: "series-figure" },
      this.#legend,
      this.#chart,
      this.#scrub,
      this.#readout,
      this.#details,
    );
    this.#chart.addEventListener("pointermove", (event) => this.#follow(event));
    this.#chart.addEventListener("pointerdown", (event) => this.#follow(event));
    new ResizeObserver(([{ contentRect }]) => {
      this.#size = contentRect;
      this.#draw();
    }).observe(this.#chart);
  }

  /** Shows a series and its forecasts. */
  show(view: SeriesView): void {
    const before = this.#view;
    this.#view = view;
    const isOther = before?.target !== view.target || before.first !== view.first ||
      before.actual.length !== view.actual.length;
    this.#scrub.max = String(view.actual.length - 1);
    if (isOther) {
      this.#at = undefined;
      this.#scrub.value = this.#scrub.max;
      say(this.#readout, text.point);
    }
    this.#draw();
  }

  #draw(): void {
    this.#frame(() => {
      if (!this.#view || this.#size.width < 60) return;
      this.#drawAll(this.#view);
      if (this.#at !== undefined) this.#point(this.#at);
      this.#fillTable();
    });
  }

  #drawAll(view: SeriesView): void {
    const { width, height } = this.#size;
    const { actual, forecast, lower, upper, times, heldOut, end, target } = view;
    const rows = actual.length;
    const scale = scaleOf([actual, forecast, lower, upper]);
    const left = 10 + LETTER * Math.max(...scale.ticks.map((tick) => written(tick).length));
    const x = (row: number) => left + (width - left - RIGHT) * row / Math.max(1, rows - 1);
    const y = (value: number) =>
      height - BOTTOM - (height - TOP - BOTTOM) * (value - scale.low) / (scale.high - scale.low);
    this.#placeOf = (at) => (at - left) / (width - left - RIGHT) * Math.max(1, rows - 1);
    this.#valueAt = y;
    const parts: SVGElement[] = [];
    const region = (look: string, from: number, to: number, name: string) => {
      if (to <= from) return;
      const start = x(Math.max(0, from - 0.5)), stop = x(Math.min(rows - 1, to - 0.5));
      parts.push(
        svg("rect", {
          class: look,
          x: start.toFixed(1),
          y: TOP - 4,
          width: (stop - start).toFixed(1),
          height: height - TOP - BOTTOM + 4,
        }),
      );
      if (stop - start > LETTER * name.length) {
        parts.push(
          svg("text", { class: "middle region", x: ((start + stop) / 2).toFixed(1), y: 12 }, name),
        );
      }
    };
    if (heldOut !== undefined) region("held-out", heldOut, end, text.heldOut);
    region("beyond", end, rows, text.beyond);
    for (const tick of scale.ticks) {
      const at = y(tick).toFixed(1);
      parts.push(
        svg("line", { class: "grid", x1: left, x2: width - RIGHT, y1: at, y2: at }),
        svg("text", { class: "tick end", x: left - 6, y: at, dy: 4 }, written(tick)),
      );
    }
    parts.push(...timeTicks(times, x, width, height - 8));
    if (lower && upper) {
      for (const [from, to] of runsOf(lower)) {
        const up = points(upper, from, to, x, y), down = points(lower, from, to, x, y);
        parts.push(
          svg("polygon", { class: "band", points: [...up, ...down.reverse()].join(" ") }),
        );
      }
    }
    const line = (values: Float64Array, look: string) => {
      for (const [from, to] of runsOf(values)) {
        parts.push(
          to - from > 1
            ? svg("polyline", { class: look, points: points(values, from, to, x, y).join(" ") })
            : svg("circle", { class: `${look} alone`, cx: x(from), cy: y(values[from]), r: 2.5 }),
        );
      }
    };
    line(actual, "actual-line");
    if (forecast) line(forecast, "forecast-line");
    fill(this.#cursor);
    this.#chart.setAttribute("viewBox", `0 0 ${width.toFixed(0)} ${height.toFixed(0)}`);
    const held = heldOut === undefined ? 0 : end - heldOut;
    this.#chart.setAttribute(
      "aria-label",
      text.summary(target, view.first + end, held, forecast !== undefined),
    );
    fill(this.#chart, ...parts, this.#cursor);
    const key = (look: string, name: string) =>
      el("li", {}, el("span", { class: `key ${look}` }), name);
    fill(
      this.#legend,
      key("actual-line", text.actual),
      forecast && key("forecast-line", text.forecast),
      lower && key("band", text.band(view.band!)),
    );
  }

  #follow(event: PointerEvent): void {
    if (!this.#view) return;
    const row = Math.round(this.#placeOf(event.clientX - this.#chart.getBoundingClientRect().left));
    const at = Math.max(0, Math.min(this.#view.actual.length - 1, row));
    this.#scrub.value = String(at);
    this.#point(at);
  }

  #point(at: number): void {
    const view = this.#view;
    if (!view) return;
    this.#at = at;
    const { actual, forecast, lower, upper, times } = view;
    const isThere = (value: number | undefined): value is number => Number.isFinite(value);
    const own = actual[at], guess = forecast?.[at], low = lower?.[at], high = upper?.[at];
    const band = isThere(low) && isThere(high) ? text.between(written(low), written(high)) : "";
    const said = text.readout(times[at], [
      ...(isThere(own) ? [text.measured(written(own))] : []),
      ...(isThere(guess) ? [text.predicted(written(guess), band)] : []),
    ]);
    say(this.#readout, said);
    this.#scrub.setAttribute("aria-valuetext", said);
    const { width, height } = this.#size, count = Math.max(1, actual.length - 1);
    const [from, to] = [this.#placeOf(0), this.#placeOf(width)];
    const x = (width * (at - from) / (to - from)).toFixed(1);
    if (count === 0) return;
    fill(
      this.#cursor,
      svg("line", { x1: x, x2: x, y1: TOP - 4, y2: height - BOTTOM }),
      isThere(own) && svg("circle", { class: "actual-dot", cx: x, cy: this.#valueAt(own), r: 3.5 }),
      isThere(guess) &&
        svg("circle", { class: "forecast-dot", cx: x, cy: this.#valueAt(guess), r: 3.5 }),
    );
  }

  /** Fills the table with the last rows, if it is open. */
  #fillTable(): void {
    const view = this.#view;
    if (!view || !this.#details.open) return;
    const { actual, forecast, lower, upper, times } = view;
    const columns = [actual, forecast, lower, upper].filter((each) => each !== undefined);
    const first = Math.max(0, actual.length - MOST_ROWS);
    const cell = (value: number) => el("td", {}, Number.isFinite(value) ? written(value) : "");
    const rows = Array.from(actual.subarray(first), (_, i) => {
      const row = first + i;
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, times[row]),
        ...columns.map((values) => cell(values[row])),
      );
    });
    const head = text.head.slice(0, 1 + columns.length);
    fill(
      this.#table,
      el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...rows),
    );
  }
}
