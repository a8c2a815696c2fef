/**
 * How far gradients reach back: an untrained rnn beside an untrained lstm, and the network itself.
 *
 * @module
 */
import { el, freshId, say } from "../dom.ts";
import type { Reach } from "../protocol.ts";
import { figure, words } from "../words.ts";
import { ChartBox } from "./chart_box.ts";

const text = words.reach;
const LENGTH = 40; // words at first

/** The comparison. */
export class ReachView {
  readonly root: HTMLElement;
  readonly #length: HTMLInputElement;
  readonly #shown = el("output");
  readonly #chart = new ChartBox(text.title, words.learning.none);

  /** @param measure Measures over a text of so many words. */
  constructor(readonly measure: (words: number) => Promise<Reach | undefined>) {
    const id = freshId();
    this.#length = el("input", {
      id,
      type: "range",
      min: 5,
      max: 100,
      value: LENGTH,
      input: () => say(this.#shown, this.#length.value),
      change: () => this.refresh(),
    });
    say(this.#shown, String(LENGTH));
    this.root = el(
      "section",
      { class: "reach", "aria-labelledby": "reach" },
      el("h2", { id: "reach" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el(
        "p",
        { class: "length" },
        el("label", { for: id }, text.length),
        " ",
        this.#length,
        " ",
        this.#shown,
      ),
      this.#chart.root,
    );
  }

  /** Measures anew. */
  async refresh(): Promise<void> {
    const reach = await this.measure(Number(this.#length.value));
    if (!reach) return;
    const nameOf = (cell?: string) => cell ? text.names.fresh(cell) : text.names.own;
    const ends = reach.curves.map(({ cell, steps }) => `${nameOf(cell)} ${figure(steps[0])}`);
    this.#chart.show({
      title: text.title,
      axisX: text.axisX,
      axisY: text.axisY,
      isLogarithmic: true,
      lines: reach.curves.map(({ cell, steps }) => ({
        name: nameOf(cell),
        look: cell ?? "own",
        points: steps.map((value, t) => [steps.length - 1 - t, value] as const).toReversed(),
      })),
      show: () => "",
      summary: `${text.title}: ${ends.join(", ")}`,
    });
  }
}
